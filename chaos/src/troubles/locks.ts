import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import type { Installation } from '../installation/installation.js';
import { holdingLocks, lockRows, lockTables, waitingFor } from './hold-locks.js';
import { gone, recovered } from './recovery.js';
import type { Trouble, TroubleContext } from './trouble.js';

const VICTIMS = ['ingest', 'audit'] as const;
/** Enough for the broker to deliver the oldest report so often that it is tried alone. */
const ROUNDS_MIN = 4;
const PATIENCE_MS = 120_000;

/**
 * A transaction holds locks that ingest and audit need, the first time for 150 s, while both services are stopped or killed
 * repeatedly. No report is at fault. The recovery counts from the release of the locks.
 */
export const locks: Trouble = {
  name: 'locks',
  what: 'locks held for long, with restarts of ingest and audit',
  installation: 'one machine',
  times: { full: 6, short: 1 },
  async make(context) {
    const { installation, load, times, draws, isShort } = context;
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      await sleep(draws.integer(1_000, 3_000));
      const firstMs = isShort ? 12_000 : 150_000;
      const forMs = time === 0 ? firstMs : draws.integer(10_000, 40_000);
      const take = time === 0 ? lockRows : draws.oneOf([lockRows, lockTables]);
      await holdingLocks(installation, load, take, (holder) =>
        restartWaiting(context, holder, performance.now() + forMs),
      );
      recoveriesMs.push(await recovered({ installation, load }));
    }
    return { times, recoveriesMs };
  },
};

/** Restarts each service whenever it waits for the locks, until `untilMs` and at least ROUNDS_MIN times. */
async function restartWaiting(
  { installation, draws }: TroubleContext,
  holder: number,
  untilMs: number,
): Promise<void> {
  const left: Record<(typeof VICTIMS)[number], readonly number[]> = { ingest: [], audit: [] };
  for (let round = 0; round < ROUNDS_MIN || performance.now() < untilMs; round += 1) {
    for (const service of draws.shuffled(VICTIMS)) {
      await eventually(() => waits(installation, service, holder, left[service]), PATIENCE_MS);
      await sleep(draws.integer(0, 1_000));
      const pid = await eventually(() => installation.pidOf(service), PATIENCE_MS);
      process.kill(pid, draws.oneOf(['SIGTERM', 'SIGKILL'] as const));
      await eventually(() => gone(pid), PATIENCE_MS);
      // The backends of a killed process keep waiting for a while.
      left[service] = await waitingFor(installation, service, holder);
    }
  }
}

/** @throws while no backend of the service waits, except those that its previous process left behind */
async function waits(
  installation: Installation,
  service: string,
  holder: number,
  left: readonly number[],
): Promise<void> {
  const waiting = await waitingFor(installation, service, holder);
  if (waiting.every((pid) => left.includes(pid)))
    throw new Error(`${service} does not wait for the locks`);
}
