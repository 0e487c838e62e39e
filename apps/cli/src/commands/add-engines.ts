import { parseSetting } from '@backup-awareness/contracts/plain';
import type { EngineAddition } from '@backup-awareness/database';
import type { SqlRunner } from '@backup-awareness/database/connection';
import type { EnginesAddedDocument } from '@backup-awareness/overview/documents';
import { readEngineRows } from '@backup-awareness/overview/state';
import type { Command } from 'commander';
import { administer, readDatabase } from '../installation/database-session.js';
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
import { MANAGEMENT_OPTION } from '../installation/management.js';
import { whoIs } from '../installation/who.js';
import { WrongUse } from '../output/failure.js';
import { showEnginesAdded } from '../output/show-engines-added.js';
import { localTime } from '../words/local-time.js';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';
import { readEngineNames } from './arguments/engine-names.js';
import { requireHostName } from './arguments/fqdn.js';

interface AddOptions extends ChangeOptions, HostUserOptions {
  readonly alertPeriodDays?: string;
  readonly managementUrl?: string;
}

interface ImportOptions extends ChangeOptions {
  readonly alertPeriodDays?: string;
  readonly preview?: true;
}

const PERIOD_OPTION = [
  '--alert-period-days <DAYS>',
  'the alert period of engines that were not monitored, instead of BackupAlertPeriodInDays',
] as const;

export function addAddEnginesCommands(group: Command, context: CommandContext): void {
  group
    .command('add')
    .description(
      'monitor engines, or resume monitoring those that are retired; they are decided at once',
    )
    .argument('<FQDN...>', 'host names of engines')
    .option(...PERIOD_OPTION)
    .option(
      '--broker-user <NAME>',
      'create this broker user for the engine host, or give it a new password; from then on only its reports about the engine count',
    )
    .option('--password-file <FILE>', 'a new file (0600) for the password')
    .option(...MANAGEMENT_OPTION)
    .option(...BY_OPTION)
    .action((texts: string[], _options, command: Command) =>
      add(texts, command.optsWithGlobals(), context),
    );
  group
    .command('import')
    .description('add all engines of a list')
    .argument('<FILE>', 'host names, one on a line; - for standard input')
    .option(...PERIOD_OPTION)
    .option('--preview', 'change nothing; show which engines it would add')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nBlank lines, and what follows #, do not matter. If a line is not a host name, nothing is changed.\n' +
        'Retired engines of the list are monitored again. If the command is interrupted, run it again.',
    )
    .action((file: string, _options, command: Command) =>
      importList(file, command.optsWithGlobals(), context),
    );
}

async function add(
  texts: readonly string[],
  options: AddOptions,
  context: CommandContext,
): Promise<void> {
  const fqdns = [...new Set(texts.map((text) => requireHostName(text)))];
  const wanted = readWantedHostUser(options);
  const [fqdn] = fqdns;
  if (fqdns.length === 1 && fqdn !== undefined) return addOne(fqdn, wanted, options, context);
  if (wanted)
    throw new WrongUse(`expected one FQDN together with --broker-user, got ${fqdns.length}`);
  return addMany(fqdns, options, context);
}

async function addOne(
  fqdn: string,
  wanted: WantedHostUser | undefined,
  options: AddOptions,
  { environment, out }: CommandContext,
): Promise<void> {
  const request = { fqdn, who: whoIs(environment, options.by), ...readPeriod(options) };
  const url = requireDatabase(findInstallation(environment));
  const users = wanted && findBrokerUsers(environment, options.managementUrl);
  const addition = await administer(url, async ({ database, dataSource }) => {
    if (!wanted || !users) return database.addEngine(dataSource, request);
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
      return database.addEngine(dataSource, { ...request, brokerUser });
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
  if (outcome === 'already_watched' && options.alertPeriodDays !== undefined)
    out.line(
      `Its alert period is unchanged: change it with engines set ${fqdn} --alert-period-days ${options.alertPeriodDays}.`,
      'yellow',
    );
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
    // With the name: the host may be without an engine, as a spare one or a test.
    `  engine-backup-shim install --fqdn ${fqdn} --broker-url ${protocol}//${host}${pathname} --broker-user ${brokerUser} --broker-password-file ${file}`,
  ];
}

async function importList(
  file: string,
  options: ImportOptions,
  context: CommandContext,
): Promise<void> {
  // Before the list is read, which may be typed.
  readPeriod(options);
  findInstallation(context.environment);
  return addMany(await readEngineNames(file), options, context);
}

async function addMany(
  fqdns: readonly string[],
  options: ImportOptions,
  context: CommandContext,
): Promise<void> {
  const { environment, out, withProgress } = context;
  const period = readPeriod(options);
  const who = whoIs(environment, options.by);
  const installation = findInstallation(environment);
  const isPreview = options.preview === true;
  const additions = isPreview
    ? await readDatabase(databaseToRead(installation), (sql) => foresee(sql, fqdns))
    : await administer(requireDatabase(installation), ({ database, dataSource }) =>
        withProgress('Adding engines', (show) =>
          database.addEngines(dataSource, { fqdns, who, ...period }, (done) =>
            show(done, fqdns.length),
          ),
        ),
      );
  const namesOf = (outcome: EngineAddition['outcome']) =>
    additions.filter((one) => one.outcome === outcome).map(({ fqdn }) => fqdn);
  const document: EnginesAddedDocument = {
    preview: isPreview,
    added: namesOf('added'),
    revived: namesOf('revived'),
    already_monitored: namesOf('already_watched'),
    // When the engine was retired, its broker user was removed.
    without_broker_user: additions
      .filter(({ outcome, brokerUser }) => outcome === 'revived' && brokerUser !== null)
      .map(({ fqdn }) => fqdn),
  };
  await showEnginesAdded(out, document, options.json);
}

type Foreseen = Pick<EngineAddition, 'fqdn' | 'outcome' | 'brokerUser'>;

/** What adding these engines would do. */
async function foresee(sql: SqlRunner, fqdns: readonly string[]): Promise<Foreseen[]> {
  const known = new Map((await readEngineRows(sql, 'every')).map((row) => [row.fqdn, row]));
  return fqdns.map((fqdn) => {
    const row = known.get(fqdn);
    if (!row) return { fqdn, outcome: 'added', brokerUser: null };
    const outcome = row.retiredAt === null ? 'already_watched' : 'revived';
    return { fqdn, outcome, brokerUser: row.brokerUser };
  });
}

function readPeriod(options: { readonly alertPeriodDays?: string }): { alertPeriodDays?: string } {
  const { alertPeriodDays: text } = options;
  if (text === undefined) return {};
  const parsed = parseSetting('BackupAlertPeriodInDays', text);
  if (parsed.ok) return { alertPeriodDays: parsed.value };
  const { expected, got } = parsed.invalid;
  throw new WrongUse(`--alert-period-days: expected ${expected}, got ${got}`);
}
