import { installCommand, installPackages, missingPackages } from '../start/install-packages.js';
import type { Progress } from '../start/progress.js';
import type { RunDirectory } from '../start/run-directory.js';
import { StartFailure } from '../start/start-failure.js';

/**
 * The programs of others that the interop tests talk to, or look at ours with. The PostgreSQL of the other tests has no pg_dump;
 * of the distribution's, tests run a server of their own.
 */
const PACKAGES = ['amqp-tools', 'python3-pika', 'postgresql', 'shellcheck', 'strace'];

/** @throws StartFailure in one line that says what to install, when something is missing and we cannot install it */
export async function ensureInteropPackages(
  runDirectory: RunDirectory,
  progress: Progress,
): Promise<void> {
  const missing = missingPackages(PACKAGES);
  if (missing.length === 0) return;
  const names = missing.join(' ');
  const command = installCommand();
  if (!command) {
    throw new StartFailure(
      `tests against other programs need ${names}: sudo apt-get install --no-install-recommends ${names}`,
    );
  }
  await progress.step(
    `Installing ${names} with apt`,
    () => installPackages(command, missing, runDirectory.log('install')),
    'done',
  );
}
