import { parseCommand } from '../arguments.js';
import { engineTables } from '../excludes/catalogue.js';
import { chooseExcludes, type Excludes } from '../excludes/excludes.js';
import { EXIT } from '../failure.js';
import { openHost, print, ROOT_OPTION, warn } from '../host/host.js';

export const help = `engine-backup-shim excluded-tables

Prints the tables that a dump of the engine's database leaves out, one a line: as the administrator has set (asked over the broker,
two seconds at most), or else as was answered last, or else the built-in ones. Only tables of this host's list are ever left out: the
built-in ones, and those that EXCLUDABLE_TABLES names in the configuration. Where they come from, and what is wrong, is on stderr.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const { tables, mode, source } = await findExcludes(args);
  const what = mode === 'data' ? 'their rows are' : 'they themselves are';
  warn(`${tables.length} tables, ${source}; ${what} left out`);
  for (const table of tables) print(table);
  return EXIT.fine;
}

/** The tables, and on stderr what a person should know of them. */
export async function findExcludes(args: readonly string[]): Promise<Excludes> {
  const values = parseCommand(args, ROOT_OPTION);
  const { paths, configuration } = openHost(values.root);
  const [excludes, present] = await Promise.all([
    chooseExcludes(paths, configuration),
    engineTables(paths.root),
  ]);
  for (const warning of excludes.warnings) warn(`tables to leave out: ${warning}`);
  if (excludes.mode === 'table')
    warn(
      'BackupExcludeMode is table: engine-backup --mode=restore will fail on an archive that is made so',
    );
  const missing = excludes.tables.filter((table) => present && !present.has(table));
  if (missing.length > 0) warn(`the engine's database has no table ${missing.join(', ')}`);
  return excludes;
}
