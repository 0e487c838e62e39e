import { Command } from 'commander';
import type { CommandContext } from './commands/arguments/command-context.js';
import { expectSubcommand } from './commands/arguments/expect-subcommand.js';
import { version } from './installation/version.js';

const WHERE = `
The installation is found by DATABASE_URL and AMQP_URL (each also as NAME_FILE, a file that holds it).
If neither is set, it is the one that npm start runs, found by endpoints.json in RUN_DIR; by default that is
.run in the current folder, or else in the checkout of this command.

Exit codes: 0 done, 1 failed, 2 wrong use or a refused value, 3 something is unreachable or nothing is running
(check has its own). An error is one line on standard error. NO_COLOR turns colours off.`;

type AddCommand = (program: Command, context: CommandContext) => void;

/** Each is loaded when it is needed: loading all of them takes longer than most commands. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  status: async () => (await import('./commands/status.js')).addStatusCommand,
  check: async () => (await import('./commands/check.js')).addCheckCommand,
  explain: async () => (await import('./commands/explain.js')).addExplainCommand,
  forecast: async () => (await import('./commands/forecast.js')).addForecastCommand,
  report: async () => (await import('./commands/report.js')).addReportCommand,
  alerts: async () => (await import('./commands/alerts.js')).addAlertsCommand,
  engines: addEngineCommands,
  clock: async () => (await import('./commands/clock.js')).addClockCommand,
  config: async () => (await import('./commands/config.js')).addConfigCommand,
  audit: async () => (await import('./commands/audit.js')).addAuditCommand,
  'dead-letters': addDeadLettersCommands,
  outbox: async () => (await import('./commands/outbox.js')).addOutboxCommand,
  topology: async () => (await import('./commands/topology.js')).addTopologyCommand,
  database: async () => (await import('./commands/database.js')).addDatabaseCommand,
};

async function addEngineCommands(): Promise<AddCommand> {
  const { addEnginesCommand } = await import('./commands/engines.js');
  const { addRetireCommand } = await import('./commands/retire-engines.js');
  return (program, context) => addRetireCommand(addEnginesCommand(program, context), context);
}

async function addDeadLettersCommands(): Promise<AddCommand> {
  const { addDeadLettersCommand } = await import('./commands/dead-letters.js');
  const { addSettleDeadLettersCommands } = await import('./commands/settle-dead-letters.js');
  return (program, context) =>
    addSettleDeadLettersCommands(addDeadLettersCommand(program, context), context);
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
    .configureHelp({ showGlobalOptions: true })
    // Errors are shown where they are caught, in one line.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText('after', WHERE);
  const named = commandOf(args);
  const wanted =
    named !== undefined && Object.hasOwn(COMMANDS, named) ? [named] : Object.keys(COMMANDS);
  for (const name of wanted) (await COMMANDS[name]!())(program, context);
  for (const command of [program, ...program.commands])
    if (command.commands.length > 0) expectSubcommand(command);
  return program;
}
