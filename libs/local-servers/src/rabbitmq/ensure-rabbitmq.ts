import { findRabbitmq, type RabbitmqInstallation } from './find-rabbitmq.js';
import { installCommand, installPackages } from '../packages/install-packages.js';
import type { Progress } from '../output/progress.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { StartFailure } from '../output/start-failure.js';

/**
 * This machine's RabbitMQ, installed from the distribution's packages where it is missing.
 *
 * @throws StartFailure in one line that says what to do, where it is missing and cannot be installed
 */
export async function ensureRabbitmq(
  runDirectory: RunDirectory,
  progress: Progress,
  signal?: AbortSignal,
): Promise<RabbitmqInstallation> {
  const present = findRabbitmq();
  if (present) return present;
  signal?.throwIfAborted();
  const home = process.env['RABBITMQ_HOME'];
  if (home) {
    throw new StartFailure(
      `RABBITMQ_HOME is ${home}: expected ${home}/sbin/rabbitmq-server, and erl and epmd on PATH, but at least one is missing.`,
    );
  }
  const command = installCommand();
  if (!command) {
    throw new StartFailure(
      'RabbitMQ is not installed, and this user cannot install it: install it (Debian, Ubuntu: sudo apt-get install --no-install-recommends rabbitmq-server), or set AMQP_URL to an existing broker.',
    );
  }
  const install = async (note: (text: string) => void): Promise<void> => {
    const onAbort = (): void => note('Finishing the installation of packages before stopping …');
    signal?.addEventListener('abort', onAbort, { once: true });
    try {
      await installPackages(command, ['rabbitmq-server'], runDirectory.log('install'));
    } finally {
      signal?.removeEventListener('abort', onAbort);
    }
  };
  await progress.step('Installing RabbitMQ with apt (this takes a minute)', install, 'done');
  signal?.throwIfAborted();
  const installed = findRabbitmq();
  if (!installed) {
    throw new StartFailure(
      'RabbitMQ was installed, but rabbitmq-server, erl or epmd is still missing.',
    );
  }
  return installed;
}
