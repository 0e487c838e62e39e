import type { SqlRunner } from '@backup-awareness/database/connection';
import {
  readHistoryBasis,
  readLatestChangeAgoMs,
  type HistoryBasis,
} from '@backup-awareness/overview/state';
import { setTimeout as sleep } from 'node:timers/promises';
import { readDatabase } from './database-session.js';

/** What a change needs to come through the broker to the audit log, by far. */
const RECORDING_MS = 2_000;

/**
 * Reads from histories, all of it as of one instant. Right after a change of settings it waits a moment, since the past cannot be told
 * until that is in the audit log.
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
