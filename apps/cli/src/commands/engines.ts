import { parseSetting } from '@backup-awareness/contracts/plain';
import type { EngineAddition } from '@backup-awareness/database';
import type { Command } from 'commander';
import {
  BY_OPTION,
  type ChangeOptions,
  type CommandContext,
  type GlobalOptions,
} from './arguments/command-context.js';
import { administer, readDatabase } from '../installation/database-session.js';
import { alertsInWords, daysInWords, maximumAgeInWords } from '../words/engine-in-words.js';
import { WrongUse } from '../output/failure.js';
import {
  databaseToRead,
  findInstallation,
  requireBroker,
  requireDatabase,
} from '../installation/find-installation.js';
import { findBrokerUsers } from '../installation/broker-users.js';
import {
  readWantedHostUser,
  removeHostUser,
  withHostUser,
  type HostUserOptions,
  type WantedHostUser,
} from '../installation/host-user.js';
import { showPreview } from '../output/show-preview.js';
import { localTime } from '../words/local-time.js';
import { MANAGEMENT_OPTION } from '../installation/management.js';
import { readProductState } from '@backup-awareness/overview/state';
import { whoIs } from '../installation/who.js';
import { unknownEngine } from '../words/unknown-engine.js';
import { requireFqdn, requireHostName } from './arguments/fqdn.js';

const DEFAULT_PERIOD = 'default';

interface ManagementOptions {
  readonly managementUrl?: string;
}

/** @returns the group, for further commands about engines */
export function addEnginesCommand(program: Command, context: CommandContext): Command {
  const group = program.command('engines').description('the monitored engines');
  group
    .command('list')
    .description('list all engines, retired ones too')
    .action((_options, command: Command) => list(command.optsWithGlobals(), context));
  group
    .command('add')
    .description('monitor an engine, or resume monitoring a retired one; it is decided at once')
    .argument('<FQDN>', "the engine's host name")
    .option(
      '--broker-user <NAME>',
      'create this broker user for the engine host, or give it a new password; from then on only its reports about the engine count',
    )
    .option('--password-file <FILE>', 'a new file (0600) for the password')
    .option(...MANAGEMENT_OPTION)
    .option(...BY_OPTION)
    .action((fqdn: string, _options, command: Command) =>
      add(fqdn, command.optsWithGlobals(), context),
    );
  group
    .command('set')
    .description('give an engine its own alert period, or remove its broker user')
    .argument('<FQDN>', "the engine's host name")
    .option(
      '--alert-period <DAYS>',
      `days, or "${DEFAULT_PERIOD}" to use BackupAlertPeriodInDays again`,
    )
    .option(
      '--preview',
      'with --alert-period: change nothing; show which alert it would raise or clear',
    )
    .option(
      '--no-broker-user',
      'remove its broker user; reports about it are accepted from any user again',
    )
    .option(...MANAGEMENT_OPTION)
    .option(...BY_OPTION)
    .action((fqdn: string, _options, command: Command) =>
      set(fqdn, command.optsWithGlobals(), context),
    );
  return group;
}

async function list({ json }: GlobalOptions, { environment, out }: CommandContext): Promise<void> {
  const url = databaseToRead(findInstallation(environment));
  const product = await readDatabase(url, (sql) => readProductState(sql));
  const { engines, now } = product;
  if (json) {
    const { enginesListDocument } = await import('@backup-awareness/overview/documents');
    return out.json(enginesListDocument(product));
  }
  if (engines.length === 0)
    return out.line('No engine is known. Add one: backup-awareness engines add FQDN');
  out.table(
    ['ENGINE', 'MONITORING SINCE', 'MAXIMUM AGE', 'BROKER USER', 'LAST FULL BACKUP', 'ALERT'],
    engines.map((engine) => [
      engine.fqdn,
      engine.retiredAt === null
        ? localTime(engine.watchedSinceAt)
        : { text: `retired ${localTime(engine.retiredAt)}`, style: 'dim' },
      maximumAgeInWords(engine),
      engine.brokerUser ?? 'any',
      engine.lastFullBackupAt === null ? 'none' : localTime(engine.lastFullBackupAt),
      alertsInWords(engine, now) || 'none',
    ]),
  );
}

async function add(
  text: string,
  options: ChangeOptions & ManagementOptions & HostUserOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const fqdn = requireHostName(text);
  const wanted = readWantedHostUser(options);
  const who = whoIs(environment, options.by);
  const url = requireDatabase(findInstallation(environment));
  const users = wanted && findBrokerUsers(environment, options.managementUrl);
  const addition = await administer(url, async ({ database, dataSource }) => {
    if (!wanted || !users) return database.addEngine(dataSource, { fqdn, who });
    const brokerUser = wanted.name;
    if (
      wanted.passwordFile === null &&
      !(await database.hasMonitoredEngine(dataSource, brokerUser))
    )
      throw new WrongUse(
        'expected --broker-user NAME together with --password-file FILE, as no monitored engine has that user yet',
      );
    const unneeded = await database.readBrokerUsersOnlyOf(dataSource, [fqdn]);
    return withHostUser(users, wanted, async () => {
      // While the database still knows it, so that no user is left that can publish.
      for (const name of unneeded) if (name !== brokerUser) await removeHostUser(users, name);
      return database.addEngine(dataSource, { fqdn, who, brokerUser });
    });
  });
  const { outcome, watchedSince, brokerUser } = addition;
  if (options.json)
    return out.json({
      outcome,
      fqdn,
      watched_since: watchedSince.toISOString(),
      broker_user: brokerUser,
      password_file: wanted?.passwordFile ?? null,
    });
  const words = {
    added: 'is now monitored',
    revived: 'is monitored again, with its history',
    already_watched: `is already monitored, since ${localTime(watchedSince)}`,
  };
  out.line(`${fqdn} ${words[outcome]}.`);
  for (const line of brokerUserLines(addition, wanted, environment)) out.line(line);
}

function brokerUserLines(
  { outcome, fqdn, brokerUser }: EngineAddition,
  wanted: WantedHostUser | undefined,
  environment: NodeJS.ProcessEnv,
): string[] {
  if (brokerUser === null) return [];
  const counts = `Only reports of the broker user ${brokerUser} count.`;
  if (!wanted)
    return outcome === 'revived'
      ? [
          `${counts} It was removed when the engine was retired: create it again with --broker-user, or accept reports of any user with engines set ${fqdn} --no-broker-user.`,
        ]
      : [];
  const { protocol, host, pathname } = new URL(requireBroker(findInstallation(environment)));
  const file = wanted.passwordFile;
  if (file === null) return [`${counts} It keeps its password.`];
  return [
    `${counts} Its password is in ${file} and nowhere else.`,
    'Copy that file to the engine host, and run there:',
    `  engine-backup-shim install --broker-url ${protocol}//${host}${pathname} --broker-user ${brokerUser} --broker-password-file ${file}`,
  ];
}

async function set(
  text: string,
  options: ChangeOptions &
    ManagementOptions & {
      readonly alertPeriod?: string;
      readonly brokerUser: boolean;
      readonly preview?: true;
    },
  context: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  const { alertPeriod, brokerUser } = options;
  if ((alertPeriod === undefined) === brokerUser)
    throw new WrongUse('expected either --alert-period DAYS or --no-broker-user');
  if (options.preview && alertPeriod === undefined)
    throw new WrongUse('expected --preview together with --alert-period DAYS');
  await (alertPeriod === undefined
    ? dropBrokerUser(fqdn, options, context)
    : setPeriod(fqdn, alertPeriod, options, context));
}

async function setPeriod(
  fqdn: string,
  alertPeriod: string,
  { by, json, preview }: ChangeOptions & { readonly preview?: true },
  { environment, out }: CommandContext,
): Promise<void> {
  const days = readPeriod(alertPeriod);
  if (preview) {
    const ownPeriodDays = days === null ? null : Number(days);
    const { previewChange } = await import('../installation/preview-change.js');
    const found = await previewChange(environment, { ownPeriodDays }, fqdn);
    return showPreview(out, `${fqdn}: alert period ${periodInWords(days)}`, found, json);
  }
  const who = whoIs(environment, by);
  const url = requireDatabase(findInstallation(environment));
  const { outcome, from, to } = await administer(url, async ({ database, dataSource }) => {
    const made = await database.setEngineAlertPeriod(dataSource, { fqdn, days, who });
    if (made.outcome === 'unknown_engine') throw await unknownEngine(dataSource, fqdn);
    return made;
  });
  if (json) return out.json({ outcome, fqdn, from, to });
  out.line(
    outcome === 'unchanged'
      ? `${fqdn} already has the alert period ${periodInWords(to)}.`
      : `${fqdn}: alert period set to ${periodInWords(to)} (was ${periodInWords(from)}).`,
  );
}

/** An engine's alert period, its own or the general one: `2 days`. */
function periodInWords(days: string | null): string {
  return days === null ? 'that of BackupAlertPeriodInDays' : daysInWords(Number(days));
}

/** First at the broker: if that fails, nothing has changed; if the database fails then, no report counts that should not. */
async function dropBrokerUser(
  fqdn: string,
  { by, json, managementUrl }: ChangeOptions & ManagementOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const who = whoIs(environment, by);
  const url = requireDatabase(findInstallation(environment));
  const { outcome, from, to, unneeded } = await administer(
    url,
    async ({ database, dataSource }) => {
      const unneeded = await database.readBrokerUsersOnlyOf(dataSource, [fqdn]);
      for (const name of unneeded)
        await removeHostUser(findBrokerUsers(environment, managementUrl), name);
      const made = await database.setEngineBrokerUser(dataSource, { fqdn, brokerUser: null, who });
      if (made.outcome === 'unknown_engine') throw await unknownEngine(dataSource, fqdn);
      return { ...made, unneeded };
    },
  );
  if (json) return out.json({ outcome, fqdn, from, to });
  const become = unneeded.length > 0 ? 'is removed' : 'stays, as another engine has it';
  out.line(
    from === null
      ? `${fqdn} has no broker user; reports are accepted from any.`
      : `Reports about ${fqdn} are now accepted from any broker user; ${from} ${become}.`,
  );
}

function readPeriod(text: string): string | null {
  if (text === DEFAULT_PERIOD) return null;
  const parsed = parseSetting('BackupAlertPeriodInDays', text);
  if (parsed.ok) return parsed.value;
  const { expected, got } = parsed.invalid;
  throw new WrongUse(`--alert-period: expected ${expected}, or "${DEFAULT_PERIOD}", got ${got}`);
}
