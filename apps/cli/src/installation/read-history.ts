import type { SqlRunner } from '@backup-awareness/database/connection';
import {
  readHistoryBasis,
  readLatestChangeAgoMs,
  type HistoryBasis,
} from '@backup-awareness/overview/state';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDatabase } from './database-session.js';

/** More than a change needs to reach the audit log through the broker. */
const RECORDING_MS = 2_000;

/**
 * Reads histories, all as of one instant. Right after a change of settings it waits a moment, since the past is unknown until the
 * audit log has that change.
 *
 * @throws Unreachable where the database does not answer
 */
export async function readHistory<T>(
  url: string,
  work: (sql: SqlRunner, basis: HistoryBasis) => Promise<T>,
): Promise<T> {
  const changedAgoMs = await readDatabase(url, readLatestChangeAgoMs);
  if (changedAgoMs !== null && changedAgoMs < RECORDING_MS)
    await sleep(RECORDING_MS - Math.max(0, changedAgoMs));
  return readDatabase(url, async (sql) => work(sql, await readHistoryBasis(sql)));
}
