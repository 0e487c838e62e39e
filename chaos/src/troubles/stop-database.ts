import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/** An immediate stop, like a power cut; `npm start` restarts it. The recovery counts from when it answers. */
export const stopDatabase: Trouble = {
  name: 'database',
  what: 'immediate stop of the database',
  installation: 'one machine',
  times: { full: 10, short: 2 },
  recoveryWithinMs: 10_000,
  async make({ installation, load, times, draws }) {
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      await sleep(draws.integer(500, 3_000));
      const pid = installation.pidOf('postgresql');
      // For PostgreSQL, SIGQUIT is the immediate shutdown.
      process.kill(pid, 'SIGQUIT');
      await eventually(() => {
        if (installation.pidOf('postgresql') === pid) throw new Error('it has not ended yet');
      }, 60_000);
      await eventually(() => installation.owner.query('SELECT 1'), 60_000);
      recoveriesMs.push(await recovered({ installation, load }));
    }
    return { times, recoveriesMs };
  },
};
