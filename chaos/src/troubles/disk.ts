import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@backup-awareness/testing';
import { recovered } from './recovery.js';
import type { Trouble } from './trouble.js';

/** The database's file system is filled to the last block, then freed. The recovery counts from when the database answers again. */
export const disk: Trouble = {
  name: 'disk',
  what: 'the database’s disk full',
  installation: 'small disk',
  times: { full: 3, short: 0 },
  async make({ installation, load, times, draws }) {
    if (!installation.disk) throw new Error('there is no small disk');
    const ballast = join(installation.disk, 'ballast');
    const recoveriesMs: number[] = [];
    for (let time = 0; time < times; time += 1) {
      await sleep(draws.integer(500, 2_000));
      try {
        const untilMs = performance.now() + draws.integer(10_000, 20_000);
        // Space that the database frees in the meantime, such as an old file of its log, is filled, too.
        while (performance.now() < untilMs) {
          fill(ballast);
          await sleep(100);
        }
        const stored = await storesSomething(installation.owner);
        if (stored) throw new Error('reports are stored although the disk is full');
      } finally {
        rmSync(ballast, { force: true });
      }
      await eventually(() => installation.owner.query('SELECT 1'), 120_000);
      recoveriesMs.push(await recovered({ installation, load }));
    }
    return { times, recoveriesMs };
  },
};

/** Appends to a file until nothing more fits. */
function fill(path: string): void {
  const file = openSync(path, 'a');
  try {
    for (const block of [Buffer.alloc(1 << 20), Buffer.alloc(4_096)]) writeUntilFull(file, block);
  } finally {
    closeSync(file);
  }
}

function writeUntilFull(file: number, block: Buffer): void {
  try {
    for (;;) writeSync(file, block);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

async function storesSomething(owner: { query(sql: string): Promise<unknown> }): Promise<boolean> {
  const count = async (): Promise<string> =>
    JSON.stringify(await owner.query('SELECT count(*) FROM engine_backup_log'));
  try {
    const before = await count();
    await sleep(2_000);
    return (await count()) !== before;
  } catch {
    // When the disk of its log is full, the database may not even answer.
    return false;
  }
}
