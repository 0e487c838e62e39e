import { setTimeout as sleep } from 'node:timers/promises';
import { stopProcesses } from '../installation/stop-processes.js';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/** SIGSTOP of all processes of the broker or the database. The recovery counts from SIGCONT. */
function hang(name: string, what: string, program: string, times: Trouble['times']): Trouble {
  return {
    name,
    what,
    installation: 'one machine',
    times,
    recoveryWithinMs: 10_000,
    async make({ installation, load, times: count }) {
      const recoveriesMs: number[] = [];
      for (let time = 0; time < count; time += 1) {
        await sleep(1_000);
        const goOn = stopProcesses(installation.pidOf(program));
        await sleep(30_000).finally(goOn);
        recoveriesMs.push(await recovered({ installation, load }));
      }
      return { times: count, recoveriesMs };
    },
  };
}

export const hangBroker = hang('broker', 'broker hung (SIGSTOP) for 30 s', 'rabbitmq', {
  full: 1,
  short: 0,
});
export const hangDatabase = hang('database', 'database hung (SIGSTOP) for 30 s', 'postgresql', {
  full: 1,
  short: 0,
});
