import { parseCommand } from '../arguments.js';
import { findExcludes } from '../excludes/find-excludes.js';
import { EXIT } from '../failure.js';
import { print, ROOT_OPTION, warn } from '../host/host.js';

export const help = `engine-backup-shim excluded-tables

Prints the tables that are excluded from a dump of the engine's database, one per line: those that the administrator has set (asked
over the broker, two seconds at most), or else those of the last answer, or else the built-in ones. Only tables on this host's list are
ever excluded: the built-in ones, and those in EXCLUDABLE_TABLES. Their source, and any warnings, are printed on stderr.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const { tables, mode, source } = await findExcludes(parseCommand(args, ROOT_OPTION).root);
  const what = mode === 'data' ? 'only their data is' : 'whole tables are';
  warn(`${tables.length} tables, ${source}; ${what} excluded`);
  for (const table of tables) print(table);
  return EXIT.fine;
}
