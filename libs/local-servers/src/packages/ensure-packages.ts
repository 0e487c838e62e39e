import { installCommand, installPackages, missingPackages } from './install-packages.js';
import type { Progress } from '../output/progress.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { StartFailure } from '../output/start-failure.js';

/**
 * Installs these Debian packages where they are missing.
 *
 * @param whatFor begins the sentence that says what to install
 * @throws StartFailure in one line, when something is missing and we cannot install it
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
