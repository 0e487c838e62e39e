import { parseCommand } from '../arguments.js';
import { findExcludes } from '../excludes/find-excludes.js';
import { EXIT } from '../failure.js';
import { print, ROOT_OPTION, warn } from '../host/host.js';

export const help = `engine-backup-shim excluded-tables

Prints the tables that a dump of the engine's database leaves out, one a line: as the administrator has set (asked over the broker,
two seconds at most), or else as was answered last, or else the built-in ones. Only tables of this host's list are ever left out: the
built-in ones, and those that EXCLUDABLE_TABLES names in the configuration. Where they come from, and what is wrong, is on stderr.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const { tables, mode, source } = await findExcludes(parseCommand(args, ROOT_OPTION).root);
  const what = mode === 'data' ? 'their rows are' : 'they themselves are';
  warn(`${tables.length} tables, ${source}; ${what} left out`);
  for (const table of tables) print(table);
  return EXIT.fine;
}
