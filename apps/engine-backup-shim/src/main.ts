import { errorText } from '@backup-awareness/contracts/plain';
import { HelpRequested } from './arguments.js';
import { EXIT, Failure } from './failure.js';
import { print, warn } from './host/host.js';
import { outputError } from './output.js';

interface Command {
  readonly help: string;
  /** Resolves with the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Each is loaded on demand: the whole process may take at most half as long again as Node alone. */
const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  'log-event': () => import('./commands/log-event.js'),
  run: () => import('./commands/run.js'),
  flush: () => import('./commands/flush.js'),
  deliver: () => import('./commands/deliver.js'),
  'excluded-tables': () => import('./commands/excluded-tables.js'),
  'pg-dump-args': () => import('./commands/pg-dump-args.js'),
  install: () => import('./commands/install.js'),
  uninstall: () => import('./commands/uninstall.js'),
};

const HELP = `engine-backup-shim COMMAND [options]

Reports the backups of this engine host to Backup Awareness, and lists the tables excluded from them.

  log-event         reports that a backup has started, completed or failed
  run               runs a backup command, and reports it
  flush             delivers the pending reports in the spool
  deliver           delivers one report that cannot be written to the spool
  excluded-tables   lists the tables that are excluded from a dump of the engine's database
  pg-dump-args      lists them as options of pg_dump
  install           sets up this host
  uninstall         removes what install has created
  --version, --help

For more, see engine-backup-shim COMMAND --help and engine-backup-shim(8).
Exit codes: 0 success, 1 failure, 2 wrong use, 3 the broker is unreachable. run exits as its command does.`;

async function main([name, ...args]: readonly string[]): Promise<number> {
  if (name === '--version') return say(`engine-backup-shim ${SHIM_VERSION}`);
  if (name === undefined || name === '--help' || name === '-h') return say(HELP);
  const load = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!load) {
    warn(
      `unknown command ${JSON.stringify(name)}; valid commands: ${Object.keys(COMMANDS).join(', ')}`,
    );
    return EXIT.wrongUse;
  }
  const command = await load();
  try {
    return await command.run(args);
  } catch (error) {
    if (error instanceof HelpRequested) return say(command.help);
    throw error;
  }
}

/** Incomplete output is a failure: nobody may mistake half a list for a whole one. */
async function orFailed(code: number): Promise<number> {
  const failure = await outputError();
  if (failure === undefined) return code;
  warn(`cannot write the output: ${failure}`);
  return code === EXIT.fine ? EXIT.failed : code;
}

function say(text: string): number {
  print(text);
  return EXIT.fine;
}

main(process.argv.slice(2))
  .catch((error: unknown) => {
    warn(errorText(error));
    return error instanceof Failure ? error.exitCode : EXIT.failed;
  })
  // A hanging connection must not keep this process alive.
  .then(async (code) => process.exit(await orFailed(code)));
