import { join } from 'node:path';
import {
  chooseVersions,
  ensureRabbitmq,
  startInstalledRabbitmq,
  startPostgresql,
  type Progress,
  type RunDirectory,
} from '@backup-awareness/local-servers';
import { checkout } from '../../setup/workspace.mjs';

/** Starts a private database and broker for specs, of the versions that `RABBITMQ` and `POSTGRESQL` ask for. @returns the variables by which specs find them */
export async function bringUpTestServers(
  runDirectory: RunDirectory,
  progress: Progress,
  signal: AbortSignal,
): Promise<Record<string, string>> {
  await chooseVersions(join(checkout, 'node_modules', '.cache'), runDirectory, progress);
  // Nothing needs to survive these tests.
  const settings = { fsync: 'off', full_page_writes: 'off' };
  const postgresql = await progress.step('PostgreSQL for the tests', () =>
    startPostgresql(runDirectory, { signal, settings }),
  );
  const installation = await ensureRabbitmq(runDirectory, progress, signal);
  const rabbitmq = await progress.step('RabbitMQ for the tests', () =>
    startInstalledRabbitmq(runDirectory, installation, { signal }),
  );
  return {
    TEST_DATABASE_URL: postgresql.databaseUrl,
    TEST_AMQP_URL: rabbitmq.amqpUrl,
    TEST_AMQP_MANAGEMENT_URL: rabbitmq.managementUrl,
  };
}
