import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import { SERVICES } from '../installation/installation.js';
import { gone, recovered, restarted } from './recovery.js';
import type { Trouble } from './trouble.js';

/**
 * SIGTERM of each service, as an upgrade or a restart sends it: what it has in work is settled or requeued, and the process ends
 * by itself. The recovery is the time from the signal until the process has ended.
 */
export const stops: Trouble = {
  name: 'stops',
  what: `SIGTERM of ${SERVICES.join(', ')}`,
  installation: 'one machine',
  times: { full: 10, short: 1 },
  recoveryWithinMs: 5_000,
  async make({ installation, load, times, draws }) {
    const stopsMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      for (const service of draws.shuffled(SERVICES)) {
        await sleep(draws.integer(0, 1_000));
        const pid = installation.pidOf(service);
        const signalledAtMs = performance.now();
        process.kill(pid, 'SIGTERM');
        await eventually(() => gone(pid), 60_000);
        stopsMs.push(performance.now() - signalledAtMs);
        await restarted(installation, service, pid);
      }
    }
    await recovered({ installation, load });
    return { times: times * SERVICES.length, recoveriesMs: stopsMs };
  },
};
