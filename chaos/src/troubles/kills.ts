import { setTimeout as sleep } from 'node:timers/promises';
import { SERVICES } from '../installation/installation.js';
import { recovered, restarted } from './recovery.js';
import type { Trouble } from './trouble.js';

const VICTIMS = [...SERVICES, 'publisher'] as const;

/**
 * SIGKILL of each service, and of the publisher, which stands for the programs on engine hosts: it keeps on disk what it has to
 * send and, when restarted, continues with what was not confirmed. Each round draws its own order.
 */
export const kills: Trouble = {
  name: 'kills',
  what: `SIGKILL of ${VICTIMS.join(', ')}`,
  installation: 'one machine',
  times: { full: 50, short: 1 },
  async make({ installation, load, times, draws }) {
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      for (const victim of draws.shuffled(VICTIMS)) {
        await sleep(draws.integer(0, 1_000));
        if (victim === 'publisher') {
          await load.kill();
          await sleep(draws.integer(0, 300));
          load.resume();
          continue;
        }
        const pid = installation.pidOf(victim);
        process.kill(pid, 'SIGKILL');
        const killedAtMs = performance.now();
        await restarted(installation, victim, pid);
        recoveriesMs.push(performance.now() - killedAtMs);
      }
    }
    await recovered({ installation, load });
    return { times: times * VICTIMS.length, recoveriesMs };
  },
};
