import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync, readdirSync } from 'node:fs';
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
        const pid = installation.pidOf(program);
        // The parent first: then it starts no child that is not stopped.
        process.kill(pid, 'SIGSTOP');
        const pids = [pid, ...childrenOf(pid)];
        try {
          pids.forEach((one) => process.kill(one, 'SIGSTOP'));
          await sleep(30_000);
        } finally {
          pids.forEach((one) => process.kill(one, 'SIGCONT'));
        }
        recoveriesMs.push(await recovered({ installation, load }));
      }
      return { times: count, recoveriesMs };
    },
  };
}

/** All descendants of a process. */
function childrenOf(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8')
      .split(' ')
      .filter((text) => text.trim() !== '')
      .flatMap((text) => [Number(text), ...childrenOf(Number(text))]),
  );
}

export const hangBroker = hang('broker', 'broker hung (SIGSTOP) for 30 s', 'rabbitmq', {
  full: 1,
  short: 0,
});
export const hangDatabase = hang('database', 'database hung (SIGSTOP) for 30 s', 'postgresql', {
  full: 1,
  short: 0,
});
