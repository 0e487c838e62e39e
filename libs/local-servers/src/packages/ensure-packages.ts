import { installCommand, installPackages, missingPackages } from './install-packages.js';
import type { Progress } from '../output/progress.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { StartFailure } from '../output/start-failure.js';

/**
 * Installs those of these Debian packages that are missing.
 *
 * @param whatFor begins the error's sentence, which goes on with the names of the packages
 * @throws StartFailure in one line where something is missing and this user cannot install it
 */
export async function ensurePackages(
  packages: readonly string[],
  whatFor: string,
  runDirectory: RunDirectory,
  progress: Progress,
): Promise<void> {
  const missing = missingPackages(packages);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  const command = installCommand();
  if (!command) {
    throw new StartFailure(
      `${whatFor} ${names}: sudo apt-get install --no-install-recommends ${names}`,
    );
  }
  await progress.step(
    `Installing ${names} with apt`,
    () => installPackages(command, missing, runDirectory.log('install')),
    'done',
  );
}
