import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import type { Destinations } from '../installation/destinations.js';
import type { Installation } from '../installation/installation.js';
import { recovered, restarted } from './recovery.js';
import type { Trouble } from './trouble.js';

const VICTIMS = ['notifier', 'Alertmanager', 'broker', 'database', 'webhook'] as const;

/**
 * The notifier and everything that it depends on are killed while alerts come and go; the webhook refuses for a while. Each round draws its
 * own order.
 */
export const notifier: Trouble = {
  name: 'notifier',
  what: `SIGKILL of notifier, Alertmanager, broker, database; webhook unavailable`,
  installation: 'destinations',
  times: { full: 20, short: 1 },
  async make({ installation, load, times, draws }) {
    const { destinations } = installation;
    if (!destinations) throw new Error('this installation has no destinations');
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      for (const victim of draws.shuffled(VICTIMS)) {
        await sleep(draws.integer(1_000, 6_000));
        await harm(victim, installation, destinations, draws.integer(500, 8_000));
        if (victim === 'broker' || victim === 'database')
          recoveriesMs.push(await recovered({ installation, load }));
      }
    }
    await recovered({ installation, load });
    return { times: times * VICTIMS.length, recoveriesMs };
  },
};

async function harm(
  victim: (typeof VICTIMS)[number],
  installation: Installation,
  { alertmanager, webhook }: Destinations,
  forMs: number,
): Promise<void> {
  switch (victim) {
    case 'notifier':
      return kill(installation, 'notifier', 'SIGKILL');
    case 'broker':
      return kill(installation, 'rabbitmq', 'SIGKILL');
    case 'database':
      return kill(installation, 'postgresql', 'SIGQUIT');
    case 'Alertmanager':
      return alertmanager.restart('SIGKILL');
    case 'webhook':
      webhook.isUp = false;
      await sleep(forMs);
      webhook.isUp = true;
  }
}

/** Resolves when it runs again. For PostgreSQL, SIGQUIT is the immediate shutdown. */
async function kill(
  installation: Installation,
  name: 'notifier' | 'rabbitmq' | 'postgresql',
  signal: NodeJS.Signals,
): Promise<void> {
  const pid = installation.pidOf(name);
  process.kill(pid, signal);
  if (name === 'notifier') return restarted(installation, name, pid);
  await eventually(() => {
    if (installation.pidOf(name) === pid) throw new Error(`${name} has not ended yet`);
  }, 180_000);
}
