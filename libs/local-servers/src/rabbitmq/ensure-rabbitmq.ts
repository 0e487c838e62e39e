import { findRabbitmq, type RabbitmqInstallation } from './find-rabbitmq.js';
import { installCommand, installPackages } from '../packages/install-packages.js';
import type { Progress } from '../output/progress.js';
import type { RunDirectory } from '../run-directory/run-directory.js';
import { StartFailure } from '../output/start-failure.js';

/**
 * The RabbitMQ of this machine, installed from the distribution's packages when it is missing.
 *
 * @throws StartFailure in one line that says what to do, when it is missing and cannot be installed
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
      `RABBITMQ_HOME is ${home}, but there is no ${home}/sbin/rabbitmq-server, or no erl and epmd on PATH.`,
    );
  }
  const command = installCommand();
  if (!command) {
    throw new StartFailure(
      'RabbitMQ is not installed, and this user cannot install it: install it (Debian, Ubuntu: sudo apt-get install --no-install-recommends rabbitmq-server), or set AMQP_URL to a broker that runs already (and DATABASE_URL for a database).',
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
      'RabbitMQ was installed, but no rabbitmq-server with erl and epmd is found.',
    );
  }
  return installed;
}
