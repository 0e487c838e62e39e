import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import type { Installation } from '../installation/installation.js';
import { startReplica } from '../installation/replica.js';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

const BESIDE_MAX = 3;

/** One to four checkers, of which the leader is killed or paused. The recovery is the time until another becomes leader. */
export const checkers: Trouble = {
  name: 'checkers',
  what: 'one to four checkers, the leader killed or paused',
  installation: 'one machine',
  times: { full: 50, short: 2 },
  async make({ installation, load, times, draws }) {
    const beside: ChildProcess[] = [];
    const recoveriesMs: number[] = [];
    try {
      for (let time = 0; time < times; time += 1) {
        await haveBeside(installation, beside, draws.integer(0, BESIDE_MAX));
        await sleep(draws.integer(0, 2_000));
        const { pid, epoch } = await eventually(() => leaderOf(installation), 30_000);
        const isPause = draws.chance(0.5);
        const forMs = draws.integer(500, 6_000);
        process.kill(pid, isPause ? 'SIGSTOP' : 'SIGKILL');
        const gone = performance.now();
        if (isPause) {
          await sleep(forMs);
          process.kill(pid, 'SIGCONT');
          // It stays leader in its epoch if it is alone, or was paused for less than its lease.
          await eventually(() => leaderOf(installation), 60_000);
        } else {
          await eventually(() => leaderAfter(installation, epoch), 60_000);
          recoveriesMs.push(performance.now() - gone);
        }
      }
    } finally {
      await haveBeside(installation, beside, 0);
    }
    await recovered({ installation, load });
    return { times, recoveriesMs };
  },
};

/** Starts or stops checkers until `count` run beside that of `npm start`. */
async function haveBeside(
  installation: Installation,
  beside: ChildProcess[],
  count: number,
): Promise<void> {
  for (const one of beside.splice(0)) {
    if (one.exitCode === null && one.signalCode === null) beside.push(one);
  }
  while (beside.length > count) {
    const one = beside.pop()!;
    one.kill('SIGTERM');
    const [code] = (await once(one, 'exit')) as [number | null];
    if (code !== 0) throw new Error(`a checker that was asked to stop ended with ${code}`);
  }
  while (beside.length < count)
    beside.push((await startReplica(installation, 'freshness-checker')).process);
}

interface Leader {
  readonly pid: number;
  readonly epoch: number;
}

/** @throws while no checker holds the lease */
async function leaderOf({ owner }: Installation): Promise<Leader> {
  const [row]: { holder: string; epoch: string; holds: boolean }[] = await owner.query(
    'SELECT holder, epoch, expires_at > clock_timestamp() AS holds FROM checker_lease',
  );
  if (!row?.holds) throw new Error('no checker is leader');
  return { pid: Number(row.holder.split(':')[1]), epoch: Number(row.epoch) };
}

async function leaderAfter(installation: Installation, epoch: number): Promise<Leader> {
  const leader = await leaderOf(installation);
  if (leader.epoch > epoch) return leader;
  throw new Error(`process ${leader.pid} is still leader in epoch ${epoch}`);
}
