import { parseCommand } from '../arguments.js';
import { pgDumpOptions } from '../excludes/excludes.js';
import { findExcludes } from '../excludes/find-excludes.js';
import { EXIT } from '../failure.js';
import { print, ROOT_OPTION } from '../host/host.js';

export const help = `engine-backup-shim pg-dump-args

Prints the tables of excluded-tables as options of pg_dump, one per line: --exclude-table-data=public.NAME, or
--exclude-table=public.NAME if BackupExcludeMode is table.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  const { root } = parseCommand(args, ROOT_OPTION);
  for (const option of pgDumpOptions(await findExcludes(root))) print(option);
  return EXIT.fine;
}
