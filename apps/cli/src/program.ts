import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import type { CommandContext } from './commands/arguments/command-context.js';
import { addAlertsCommand } from './commands/alerts.js';
import { addAuditCommand } from './commands/audit.js';
import { addCheckCommand } from './commands/check.js';
import { addClockCommand } from './commands/clock.js';
import { addConfigCommand } from './commands/config.js';
import { addDatabaseCommand } from './commands/database.js';
import { addEnginesCommand } from './commands/engines.js';
import { addExplainCommand } from './commands/explain.js';
import { addStatusCommand } from './commands/status.js';
import { addTopologyCommand } from './commands/topology.js';
import { expectSubcommand } from './commands/arguments/expect-subcommand.js';

const WHERE = `
The installation is found by DATABASE_URL and AMQP_URL (each also as NAME_FILE, a file that holds it).
Where neither is set, it is the one that npm start runs: by endpoints.json in RUN_DIR, which by default is
.run in the current folder, or else in the checkout that this command belongs to.

Exit codes: 0 done, 1 failed, 2 wrong use or a refused value, 3 something is unreachable or nothing is running
(check has its own). Errors go to standard error in one line. NO_COLOR turns colours off.`;

/** The whole command line; every command throws what went wrong. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('backup-awareness')
    .description('Tells an oVirt administrator when an engine has no fresh full backup.')
    .version(version(), '--version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .option('--json', 'print JSON, with instants in UTC')
    .configureHelp({ showGlobalOptions: true })
    // Errors are told by whoever catches them, in one line.
    .configureOutput({ outputError: () => undefined, writeErr: () => undefined })
    .showSuggestionAfterError(true)
    .exitOverride()
    .addHelpText('after', WHERE);
  addStatusCommand(program, context);
  addCheckCommand(program, context);
  addExplainCommand(program, context);
  addAlertsCommand(program, context);
  addEnginesCommand(program, context);
  addClockCommand(program, context);
  addConfigCommand(program, context);
  addAuditCommand(program, context);
  addTopologyCommand(program, context);
  addDatabaseCommand(program, context);
  for (const command of [program, ...program.commands])
    if (command.commands.length > 0) expectSubcommand(command);
  return program;
}

function version(): string {
  const path = new URL('../package.json', import.meta.url);
  return (JSON.parse(readFileSync(path, 'utf8')) as { version: string }).version;
}
