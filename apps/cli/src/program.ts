import { Command, type Option } from 'commander';
import type { CommandContext } from './commands/arguments/command-context.js';
import { expectOptions } from './commands/arguments/expect-options.js';
import { expectSubcommand } from './commands/arguments/expect-subcommand.js';
import { version } from './installation/version.js';
import { wrapHelp } from './output/wrap-help.js';

const ABOUT = `
DATABASE_URL and AMQP_URL tell where the installation is. If neither is set, it is the one that npm start runs.

Examples:
  backup-awareness status
  backup-awareness explain engine.example.com
  backup-awareness config -s BackupAlertPeriodInDays=2

Environment:
  DATABASE_URL, AMQP_URL  database and broker; each also as NAME_FILE, a file that contains it
  AMQP_MANAGEMENT_URL     the broker's management API, to compare users and policies or to change them
  REPLAY_AMQP_PASSWORD    of the broker user replay, which works with dead letters; npm start has it
  SERVICE_URLS            the services, as ingest=http://ingest:8080,…; npm start has them
  RUN_DIR                 the run directory of npm start; by default .run in the current folder, or else in this command's checkout
  NO_COLOR                no colours

Files:
  RUN_DIR/endpoints.json  where what npm start runs can be reached; only its user may read it

Exit codes:
  0  done, also if Ctrl-C ended --watch or --follow
  1  failed
  2  wrong use, or a refused value
  3  something cannot be reached, or nothing is running

check has its own. An error is one line on standard error.`;

type AddCommand = (program: Command, context: CommandContext) => void;

/** Each is loaded when it is needed: loading all of them takes longer than most commands. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  status: async () => (await import('./commands/status.js')).addStatusCommand,
  check: async () => (await import('./commands/check.js')).addCheckCommand,
  doctor: async () => (await import('./commands/doctor.js')).addDoctorCommand,
  explain: async () => (await import('./commands/explain.js')).addExplainCommand,
  forecast: async () => (await import('./commands/forecast.js')).addForecastCommand,
  report: async () => (await import('./commands/report.js')).addReportCommand,
  alerts: async () => (await import('./commands/alerts.js')).addAlertsCommand,
  engines: addEngineCommands,
  import: async () => (await import('./commands/import.js')).addImportCommand,
  clock: async () => (await import('./commands/clock.js')).addClockCommand,
  config: async () => (await import('./commands/config.js')).addConfigCommand,
  audit: async () => (await import('./commands/audit.js')).addAuditCommand,
  'dead-letters': addDeadLettersCommands,
  outbox: async () => (await import('./commands/outbox.js')).addOutboxCommand,
  badges: async () => (await import('./commands/access/badges.js')).addBadgesCommand,
  tokens: async () => (await import('./commands/access/tokens.js')).addTokensCommand,
  sessions: async () => (await import('./commands/access/sessions.js')).addSessionsCommand,
  destinations: async () => (await import('./commands/destinations.js')).addDestinationsCommand,
  topology: addTopologyCommands,
  database: async () => (await import('./commands/database.js')).addDatabaseCommand,
  completion: addCompletion,
};

async function addCompletion(): Promise<AddCommand> {
  const { addCompletionCommand } = await import('./commands/completion.js');
  return (program, context) =>
    addCompletionCommand(program, context, () => buildProgram(context, []));
}

async function addEngineCommands(): Promise<AddCommand> {
  const { addEnginesGroup, addSetEngineCommand } = await import('./commands/engines.js');
  const { addListEnginesCommand } = await import('./commands/list-engines.js');
  const { addAddEnginesCommands } = await import('./commands/add-engines.js');
  const { addRetireCommand } = await import('./commands/retire-engines.js');
  return (program, context) => {
    const group = addEnginesGroup(program);
    addListEnginesCommand(group, context);
    addAddEnginesCommands(group, context);
    addSetEngineCommand(group, context);
    addRetireCommand(group, context);
  };
}

async function addDeadLettersCommands(): Promise<AddCommand> {
  const { addDeadLettersCommand } = await import('./commands/dead-letters.js');
  const { addSettleDeadLettersCommands } = await import('./commands/settle-dead-letters.js');
  return (program, context) =>
    addSettleDeadLettersCommands(addDeadLettersCommand(program, context), context);
}

async function addTopologyCommands(): Promise<AddCommand> {
  const { addTopologyCommand } = await import('./commands/topology.js');
  const { addSubscriberCommands } = await import('./commands/topology-subscriber.js');
  return (program, context) => addSubscriberCommands(addTopologyCommand(program, context), context);
}

/** The name of the command: the first argument that is not an option. */
export function commandOf(args: readonly string[]): string | undefined {
  return args.find((arg) => !arg.startsWith('-'));
}

/** The command line, with only the command that `args` name, or else with all of them. Commands throw their errors. */
export async function buildProgram(
  context: CommandContext,
  args: readonly string[],
): Promise<Command> {
  const program = new Command('backup-awareness')
    .description('Tells an oVirt administrator when an engine has no fresh full backup.')
    .version(version(), '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print JSON, with instants in UTC')
    .configureHelp({ showGlobalOptions: true, optionDescription })
    // Errors are shown where they are caught, in one line.
    .configureOutput({
      outputError: () => undefined,
      writeErr: () => undefined,
      writeOut: (text) => context.out.text(wrapHelp(text, process.stdout.columns ?? WIDTH_DEFAULT)),
    })
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText('after', ABOUT)
    .helpCommand('help [command]', 'show the help of a command');
  const named = commandOf(args);
  const wanted =
    named !== undefined && Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
  for (const name of wanted) (await COMMANDS[name]!())(program, context);
  expectOptions(program);
  for (const command of [program, ...program.commands])
    if (command.commands.length > 0) expectSubcommand(command);
  return program;
}

const WIDTH_DEFAULT = 80;

/** With what commander leaves out, or says in words of its own. */
function optionDescription({ description, argChoices, mandatory, defaultValue }: Option): string {
  const choices = argChoices ? `: ${argChoices.join(', ')}` : '';
  const standard =
    defaultValue === undefined || typeof defaultValue === 'boolean'
      ? ''
      : ` (default ${defaultValue})`;
  return `${description}${choices}${standard}${mandatory ? ' (required)' : ''}`;
}
