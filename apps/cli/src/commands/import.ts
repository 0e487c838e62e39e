import { requireUrl } from '@backup-awareness/service/variable-text';
import type { OvirtImportDocument } from '@backup-awareness/overview/documents';
import type { Command } from 'commander';
import { onLastingBroker } from '../installation/broker-session.js';
import { administer, readUntil, readDatabase } from '../installation/database-session.js';
import { readUrl } from '../installation/environment.js';
import {
  brokerUserOf,
  DATABASE_PROTOCOLS,
  databaseToRead,
  findInstallation,
  requireBroker,
  requireDatabase,
  type Installation,
} from '../installation/find-installation.js';
import { whoIs } from '../installation/who.js';
import { WrongUse } from '../output/failure.js';
import { showOvirtImport } from '../output/show-ovirt-import.js';
import { lastSuccessesOf, type LastSuccess, type LeftOut } from '../ovirt/last-successes.js';
import {
  OVIRT_SETTINGS,
  planImport,
  readOurSide,
  type ImportPlan,
  type PlannedSetting,
} from '../ovirt/plan-import.js';
import { publishReports } from '../ovirt/publish-reports.js';
import { readOvirtDatabase } from '../ovirt/read-ovirt-database.js';
import { untilDecided } from '../ovirt/until-decided.js';
import { untilStored } from '../ovirt/until-stored.js';
import { BY_OPTION, type ChangeOptions, type CommandContext } from './arguments/command-context.js';

const VARIABLE = 'OVIRT_DATABASE_URL';

interface ImportOptions extends ChangeOptions {
  readonly fromOvirt?: string | true;
  readonly preview?: true;
}

export function addImportCommand(program: Command, context: CommandContext): void {
  program
    .command('import')
    .description("import the last backups and the settings of an oVirt engine's own database")
    .option(
      '--from-ovirt [DATABASE_URL]',
      `postgresql://USER:PASSWORD@HOST/engine; without it, the URL is that in ${VARIABLE} or in the file that ${VARIABLE}_FILE names`,
    )
    .option('--preview', 'change nothing; show what would be imported')
    .option(...BY_OPTION)
    .addHelpText(
      'after',
      '\nImports the last success of each engine and scope, as a report that counts from the time that oVirt has recorded, and\n' +
        `${OVIRT_SETTINGS.join(' and ')} where oVirt's differ. Nothing is written to oVirt's database;\n` +
        'a role with SELECT on engine_backup_log and vdc_options is enough. What was imported is not imported again.\n' +
        `Other users of this machine can see a password on the command line: prefer ${VARIABLE}_FILE.`,
    )
    .action((_options, command: Command) => importBackups(command.optsWithGlobals(), context));
}

async function importBackups(options: ImportOptions, context: CommandContext): Promise<void> {
  const { environment, out } = context;
  const source = readSource(options, environment);
  const isPreview = options.preview === true;
  const who = whoIs(environment, options.by);
  const installation = findInstallation(environment);
  if (!isPreview) requireBroker(installation);
  const { amqpUrl } = installation;
  const brokerUser = amqpUrl === undefined ? undefined : brokerUserOf(amqpUrl);

  const theirs = await readOvirtDatabase(source, OVIRT_SETTINGS);
  const successes = lastSuccessesOf(theirs.successes);
  const ours = await readDatabase(databaseToRead(installation), (sql) =>
    readOurSide(sql, successes.last, brokerUser),
  );
  const plan = planImport(successes, theirs.settings, ours, brokerUser);
  const stored = isPreview
    ? null
    : await carryOut(plan, theirs.clock, { installation, who, context });
  const document: OvirtImportDocument = {
    preview: isPreview,
    rows: theirs.rows,
    successes: theirs.successes.reduce((sum, { rows }) => sum + rows, 0),
    reports: plan.publish.map(({ fqdn, scope, doneAt }) => ({ fqdn, scope, done_at: doneAt })),
    already_known: plan.alreadyKnown,
    stored,
    retired: [...plan.retired],
    left_out: byReason(plan.leftOut),
    settings: [...plan.settings],
  };
  await showOvirtImport(out, document, options.json);
}

/** @throws WrongUse or ConfigurationError, without the URL */
function readSource({ fromOvirt }: ImportOptions, environment: NodeJS.ProcessEnv): string {
  if (fromOvirt === undefined)
    throw new WrongUse('import: expected --from-ovirt DATABASE_URL, got no source');
  if (fromOvirt !== true)
    return encoded('--from-ovirt', requireUrl('--from-ovirt', fromOvirt, DATABASE_PROTOCOLS));
  const url = readUrl(environment, VARIABLE, DATABASE_PROTOCOLS);
  if (url !== undefined) return encoded(VARIABLE, url);
  throw new WrongUse(
    `import: expected --from-ovirt DATABASE_URL, or --from-ovirt and ${VARIABLE} or ${VARIABLE}_FILE, got no URL`,
  );
}

/**
 * The URL, unless a password in it was not encoded: the part before its / ? or # would be taken for a port, and shown.
 *
 * @throws WrongUse
 */
function encoded(name: string, url: string): string {
  const { pathname, search, hash } = new URL(url);
  if (!`${pathname}${search}${hash}`.includes('@')) return url;
  throw new WrongUse(
    `${name}: expected user and password with special characters percent-encoded (/ as %2F, ? as %3F, # as %23, @ as %40), got one that is not`,
  );
}

/**
 * First the settings, so that no imported backup is judged by another maximum age than in oVirt.
 *
 * @returns how many of the reports are stored
 */
async function carryOut(
  { publish, settings }: ImportPlan,
  clock: () => Date,
  to: {
    readonly installation: Installation;
    readonly who: string;
    readonly context: CommandContext;
  },
): Promise<number> {
  const { installation, who, context } = to;
  const amqpUrl = requireBroker(installation);
  // An unreachable broker must not leave the settings alone changed.
  await onLastingBroker(amqpUrl, async (connection) => {
    await changeSettings(installation, settings, who);
    await context.withProgress('Publishing reports', (show) =>
      publishReports(connection, brokerUserOf(amqpUrl), publish, { clock, show }),
    );
  });
  return waitUntilStored(installation, publish, context);
}

async function changeSettings(
  installation: Installation,
  settings: readonly PlannedSetting[],
  who: string,
): Promise<void> {
  const changed = settings.filter(({ outcome }) => outcome === 'changed');
  if (changed.length === 0) return;
  await administer(requireDatabase(installation), async ({ database, dataSource }) => {
    for (const { name, to } of changed)
      await database.setOption(dataSource, { name, value: to!, who });
  });
  await readUntil(databaseToRead(installation), untilDecided);
}

function waitUntilStored(
  installation: Installation,
  published: readonly LastSuccess[],
  { withProgress }: CommandContext,
): Promise<number> {
  return withProgress('Reports stored', (show) =>
    readUntil(databaseToRead(installation), (sql) => untilStored(sql, published, show)),
  );
}

const EXAMPLES_MAX = 3;

function byReason(leftOut: readonly LeftOut[]): OvirtImportDocument['left_out'] {
  return [...new Set(leftOut.map(({ reason }) => reason))].map((reason) => {
    const alike = leftOut.filter((one) => one.reason === reason);
    return {
      reason,
      rows: alike.reduce((sum, { rows }) => sum + rows, 0),
      examples: alike
        .slice(0, EXAMPLES_MAX)
        .map(({ fqdn, scope, doneAt }) => ({ fqdn, scope, done_at: doneAt })),
    };
  });
}
