import { describe, FQDN_EXPECTED, normalizeFqdn, parseSetting } from '@backup-awareness/contracts';
import type { Command } from 'commander';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from '../command-context.js';
import { administer, readDatabase, type Administration } from '../database-session.js';
import { alertsInWords, limitInWords } from '../engine-in-words.js';
import { WrongUse } from '../failure.js';
import { findInstallation, requireDatabase } from '../find-installation.js';
import { localTime } from '../local-time.js';
import { readProductState } from '../read-product-state.js';
import { engineDocument } from '../status-document.js';
import { whoIs } from '../who.js';
import { unknownEngine } from './explain.js';

const DEFAULT_PERIOD = 'default';

export function addEnginesCommand(program: Command, context: CommandContext): void {
  const group = program.command('engines').description('the engines that are watched');
  group
    .command('list')
    .description('list all engines, retired ones too')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('add')
    .description('watch an engine from now on, or a retired one again; it is decided at once')
    .argument('<FQDN>', "the engine's host name")
    .option(...BY_OPTION)
    .action((fqdn: string, _options, command: Command) =>
      add(fqdn, command.optsWithGlobals(), context),
    );
  group
    .command('set')
    .description('give an engine a longest age of its own for its last full backup')
    .argument('<FQDN>', "the engine's host name")
    .requiredOption(
      '--alert-period <DAYS>',
      `days, or "${DEFAULT_PERIOD}" to go by BackupAlertPeriodInDays again`,
    )
    .option(...BY_OPTION)
    .action((fqdn: string, _options, command: Command) =>
      set(fqdn, command.optsWithGlobals(), context),
    );
  group
    .command('retire')
    .description('watch an engine no longer; its alerts are cleared and its reports still kept')
    .argument('<FQDN>', "the engine's host name")
    .option(...BY_OPTION)
    .action((fqdn: string, _options, command: Command) =>
      retire(fqdn, command.optsWithGlobals(), context),
    );
}

async function list({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const url = requireDatabase(findInstallation(environment));
  const { engines, now } = await readDatabase(url, (sql) => readProductState(sql));
  if (json) return out.json(engines.map((engine) => engineDocument(engine, now)));
  if (engines.length === 0)
    return out.line('No engine is known. Add one: backup-awareness engines add FQDN');
  out.table(
    ['ENGINE', 'WATCHED SINCE', 'LIMIT', 'LAST FULL BACKUP', 'ALERT'],
    engines.map((engine) => [
      engine.fqdn,
      engine.retiredAt === null
        ? localTime(engine.watchedSinceAt)
        : { text: `retired ${localTime(engine.retiredAt)}`, style: 'dim' },
      limitInWords(engine),
      engine.lastFullBackupAt === null ? 'none' : localTime(engine.lastFullBackupAt),
      alertsInWords(engine, now) || 'none',
    ]),
  );
}

/** Refused before anything is asked of the database: even where nothing is running. */
function requireFqdn(text: string): string {
  const fqdn = normalizeFqdn(text);
  if (fqdn !== undefined) return fqdn;
  throw new WrongUse(`fqdn: expected ${FQDN_EXPECTED}, got ${describe(text)}`);
}

async function add(
  text: string,
  { by, json }: ChangeOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  const who = whoIs(environment, by);
  const url = requireDatabase(findInstallation(environment));
  const addition = await administer(url, ({ database, dataSource }) =>
    database.addEngine(dataSource, { fqdn, who }),
  );
  if (json) {
    const { outcome, watchedSince } = addition;
    return out.json({ outcome, fqdn, watched_since: watchedSince.toISOString() });
  }
  const words = {
    added: 'is watched now',
    revived: 'is watched again, with its history',
    already_watched: `is watched already, since ${localTime(addition.watchedSince)}`,
  };
  out.line(`${fqdn} ${words[addition.outcome]}.`);
}

async function set(
  text: string,
  { by, json, alertPeriod }: ChangeOptions & { readonly alertPeriod: string },
  { environment, out }: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  const days = readPeriod(alertPeriod);
  const who = whoIs(environment, by);
  const url = requireDatabase(findInstallation(environment));
  const change = await administer(url, async (administration) => {
    const { database, dataSource } = administration;
    const made = await database.setEngineAlertPeriod(dataSource, { fqdn, days, who });
    if (made.outcome === 'unknown_engine')
      throw await unknownEngine(administration.dataSource, fqdn);
    return made;
  });
  const { outcome, from, to } = change;
  if (json) return out.json({ outcome, fqdn, from, to });
  const isNow = to === null ? 'goes by BackupAlertPeriodInDays' : `is allowed ${to} days`;
  const before = from === null ? 'it went by BackupAlertPeriodInDays' : `it was ${from}`;
  out.line(
    outcome === 'unchanged' ? `${fqdn} ${isNow} already.` : `${fqdn} ${isNow} now; ${before}.`,
  );
}

function readPeriod(text: string): string | null {
  if (text === DEFAULT_PERIOD) return null;
  const parsed = parseSetting('BackupAlertPeriodInDays', text);
  if (parsed.ok) return parsed.value;
  const { expected, got } = parsed.invalid;
  throw new WrongUse(`--alert-period: expected ${expected}, or "${DEFAULT_PERIOD}", got ${got}`);
}

async function retire(
  text: string,
  { by, json }: ChangeOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  const who = whoIs(environment, by);
  const url = requireDatabase(findInstallation(environment));
  const { outcome } = await administer(url, (administration) =>
    retireKnown(administration, fqdn, who),
  );
  if (json) return out.json({ outcome, fqdn });
  out.line(
    outcome === 'retired'
      ? `${fqdn} is watched no longer. Its reports are still kept; engines add watches it again.`
      : `${fqdn} is retired already.`,
  );
}

async function retireKnown({ database, dataSource }: Administration, fqdn: string, who: string) {
  const retirement = await database.retireEngine(dataSource, { fqdn, who });
  if (retirement.outcome === 'unknown_engine') throw await unknownEngine(dataSource, fqdn);
  return retirement;
}
