import { pgDumpOptions } from '../excludes/excludes.js';
import { EXIT } from '../failure.js';
import { print } from '../host/host.js';
import { findExcludes } from './excluded-tables.js';

export const help = `engine-backup-shim pg-dump-args

Prints what excluded-tables tells as options of pg_dump, one a line: --exclude-table-data=public.NAME, or --exclude-table=public.NAME
where BackupExcludeMode is table.

  --root DIR    another root`;

export async function run(args: readonly string[]): Promise<number> {
  for (const option of pgDumpOptions(await findExcludes(args))) print(option);
  return EXIT.fine;
}
