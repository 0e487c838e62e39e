import { openHost, warn } from '../host/host.js';
import { engineTables } from './catalogue.js';
import { chooseExcludes, type Excludes } from './excludes.js';

/** The tables of the host below this root, and on stderr what a person should know of them. */
export async function findExcludes(root: string | undefined): Promise<Excludes> {
  const { paths, configuration } = openHost(root);
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
