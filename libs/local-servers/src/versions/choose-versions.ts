import { delimiter, join } from 'node:path';
import { StartFailure } from '../output/start-failure.js';
import type { Progress } from '../output/progress.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { ensurePostgresqlVersion, POSTGRESQL_VERSIONS } from './postgresql-version.js';
import { ensureRabbitmq4 } from './rabbitmq-4.js';

/**
 * Makes this process and its children use other versions of the servers than those of this machine, for tests: `RABBITMQ=4`, and
 * `POSTGRESQL=15`, `16` or `17`. Fetches them into `cache` where they are missing. Without these variables it does nothing.
 *
 * @param cache a folder that root and the user `postgres` can reach
 * @throws StartFailure in one line, for an unknown version, or one that cannot be had here
 */
export async function chooseVersions(
  cache: string,
  runDirectory: RunDirectory,
  progress: Progress,
): Promise<void> {
  const { RABBITMQ: rabbitmq, POSTGRESQL: postgresql } = process.env;
  if (rabbitmq) {
    if (rabbitmq !== '4') throw new StartFailure(`RABBITMQ: expected 4, got "${rabbitmq}"`);
    const home = await ensureRabbitmq4(cache, runDirectory, progress);
    process.env['RABBITMQ_HOME'] = home;
    process.env['PATH'] = [join(home, 'bin'), process.env['PATH']].join(delimiter);
  }
  if (postgresql) {
    if (!Object.hasOwn(POSTGRESQL_VERSIONS, postgresql))
      throw new StartFailure(
        `POSTGRESQL: expected ${Object.keys(POSTGRESQL_VERSIONS).join(' or ')}, got "${postgresql}"`,
      );
    process.env['POSTGRESQL_HOME'] = await ensurePostgresqlVersion(postgresql, cache, progress);
  }
}
