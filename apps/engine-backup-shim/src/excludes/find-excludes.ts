import { openHost, warn } from '../host/host.js';
import { engineTables } from './catalogue.js';
import { chooseExcludes, type Excludes } from './excludes.js';

/** The excluded tables of the host below this root. Warnings go to stderr. */
export async function findExcludes(root: string | undefined): Promise<Excludes> {
  const { paths, configuration } = openHost(root);
  const [excludes, present] = await Promise.all([
    chooseExcludes(paths, configuration),
    engineTables(paths.root),
  ]);
  for (const warning of excludes.warnings) warn(`excluded tables: ${warning}`);
  if (excludes.mode === 'table')
    warn('BackupExcludeMode is table: engine-backup --mode=restore will fail on such an archive');
  const missing = excludes.tables.filter((table) => present && !present.has(table));
  if (missing.length > 0) warn(`the engine's database has no table ${missing.join(', ')}`);
  return excludes;
}
