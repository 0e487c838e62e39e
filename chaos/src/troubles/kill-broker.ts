import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'amqplib';
import { eventually } from '@backup-awareness/testing';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/** SIGKILL of the broker, which `npm start` restarts. The recovery counts from when it accepts connections. */
export const killBroker: Trouble = {
  name: 'broker',
  what: 'SIGKILL of the broker',
  installation: 'one machine',
  times: { full: 10, short: 1 },
  recoveryWithinMs: 10_000,
  async make({ installation, load, times, draws }) {
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      await sleep(draws.integer(500, 3_000));
      const pid = installation.pidOf('rabbitmq');
      process.kill(pid, 'SIGKILL');
      await eventually(() => acceptsConnections(installation.amqpUrl), 180_000);
      recoveriesMs.push(await recovered({ installation, load }));
    }
    return { times, recoveriesMs };
  },
};

async function acceptsConnections(amqpUrl: string): Promise<void> {
  const connection = await connect(amqpUrl, { timeout: 2_000 });
  connection.on('error', () => undefined);
  await connection.close();
}
