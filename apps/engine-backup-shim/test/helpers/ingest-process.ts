import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  compiledProgram,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';

const INGEST = compiledProgram('ingest');

/** Starts the real ingest as a process, and waits until it is ready. Resolves with a function that stops it. */
export async function startIngest(
  broker: TestBroker,
  database: TestDatabase,
): Promise<() => Promise<void>> {
  const ingest = spawn(process.execPath, [INGEST], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      PATH: process.env.PATH,
      AMQP_URL: broker.urlOf('ingest'),
      SETTINGS_AMQP_URL: broker.urlOf('ingest-settings'),
      DATABASE_URL: database.urls.ingest,
      HTTP_PORT: '0',
      LOG_LEVEL: 'info',
    },
  });
  let output = '';
  ingest.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await eventually(async () => {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(output)?.[0];
    if (!url) throw new Error(`ingest has not logged where it listens: ${output}`);
    const { status } = await fetch(`${url}/health/ready`);
    if (status !== 200) throw new Error(`ingest is not ready: ${output}`);
  }, 30_000);
  return async () => {
    ingest.kill('SIGTERM');
    await once(ingest, 'exit');
  };
}
