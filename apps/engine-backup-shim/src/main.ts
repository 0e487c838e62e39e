import { errorText } from '@backup-awareness/contracts/plain';
import { HelpAsked } from './arguments.js';
import { EXIT, Failure } from './failure.js';
import { print, warn } from './host/host.js';
import { outputTrouble } from './output.js';

interface Command {
  readonly help: string;
  /** Resolves with the exit code. */
  run(args: readonly string[]): Promise<number>;
}

/** Each is loaded when it is asked for: the whole process may take no longer than Node itself, half as much again. */
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

Reports the backups of this engine host to Backup Awareness, and lists the tables that they leave out.

  log-event         reports that a backup has started, completed or failed
  run               runs a command that makes a backup, and reports it
  flush             delivers the reports that wait in the spool
  deliver           delivers one report that cannot be kept in the spool
  excluded-tables   the tables that a dump of the engine's database leaves out
  pg-dump-args      the same as options of pg_dump
  install           sets this host up
  uninstall         removes what install has put there
  --version, --help

engine-backup-shim COMMAND --help tells more; so does engine-backup-shim(8).
Exit codes: 0 done, 1 failed, 2 wrong use, 3 the broker is unreachable. run exits as its command does.`;

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
    if (error instanceof HelpAsked) return say(command.help);
    throw error;
  }
}

/** A list that ends in the middle may not be taken for a whole one. */
async function orFailed(code: number): Promise<number> {
  const trouble = await outputTrouble();
  if (trouble === undefined) return code;
  warn(`cannot write the output: ${trouble}`);
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
  // What hangs at the broker's side must not keep this process.
  .then(async (code) => process.exit(await orFailed(code)));
