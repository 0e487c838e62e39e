import { parseSetting } from '@backup-awareness/contracts/plain';
import { Option, type Command } from 'commander';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';
import { administer } from '../installation/database-session.js';
import { daysInWords } from '../words/engine-in-words.js';
import { WrongUse } from '../output/failure.js';
import { findInstallation, requireDatabase } from '../installation/find-installation.js';
import { findBrokerUsers } from '../installation/broker-users.js';
import { removeHostUser } from '../installation/host-user.js';
import { showPreview } from '../output/show-preview.js';
import { MANAGEMENT_OPTION } from '../installation/management.js';
import { whoIs } from '../installation/who.js';
import { unknownEngine } from '../words/unknown-engine.js';
import { requireFqdn } from './arguments/fqdn.js';

const DEFAULT_PERIOD = 'default';

interface ManagementOptions {
  readonly managementUrl?: string;
}

/** The group of all commands about engines. */
export function addEnginesGroup(program: Command): Command {
  return program.command('engines').description('the monitored engines');
}

export function addSetEngineCommand(group: Command, context: CommandContext): void {
  group
    .command('set')
    .description('give an engine its own alert period, or remove its broker user')
    .argument('<FQDN>', "the engine's host name")
    .option(
      '--alert-period-days <DAYS>',
      `days, or "${DEFAULT_PERIOD}" to use BackupAlertPeriodInDays again`,
    )
    .addOption(new Option('--alert-period <DAYS>', 'its name in earlier versions').hideHelp())
    .option(
      '--preview',
      'with --alert-period-days: change nothing; show which alert it would raise or clear',
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
}

async function set(
  text: string,
  options: ChangeOptions &
    ManagementOptions & {
      readonly alertPeriodDays?: string;
      readonly alertPeriod?: string;
      readonly brokerUser: boolean;
      readonly preview?: true;
    },
  context: CommandContext,
): Promise<void> {
  const fqdn = requireFqdn(text);
  if (options.alertPeriodDays !== undefined && options.alertPeriod !== undefined)
    throw new WrongUse('--alert-period is another name of --alert-period-days: expected only one');
  const alertPeriod = options.alertPeriodDays ?? options.alertPeriod;
  const { brokerUser } = options;
  if ((alertPeriod === undefined) === brokerUser)
    throw new WrongUse('expected either --alert-period-days DAYS or --no-broker-user');
  if (options.preview && alertPeriod === undefined)
    throw new WrongUse('expected --preview together with --alert-period-days DAYS');
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
  throw new WrongUse(
    `--alert-period-days: expected ${expected}, or "${DEFAULT_PERIOD}", got ${got}`,
  );
}
