import { setTimeout as sleep } from 'node:timers/promises';
import type { Pool } from 'pg';

/** Polling more often would cost more processor time than the precision is worth. */
const LOOK_EVERY_MS = 15;

/**
 * The time from the first row in an empty table until all rows are there, in ms. Polls for the last row by an index, which
 * costs next to nothing.
 */
export async function timeToFill(
  database: Pool,
  table: string,
  count: number,
  last: string,
  signal: AbortSignal,
): Promise<number> {
  const until = async (sql: string, parameters: unknown[] = []) => {
    while (!(await database.query<{ is: boolean }>(sql, parameters)).rows[0]!.is)
      await sleep(LOOK_EVERY_MS, undefined, { signal });
  };
  await until(`SELECT EXISTS (SELECT FROM ${table}) AS is`);
  const startedAtMs = performance.now();
  await until(`SELECT EXISTS (SELECT FROM ${table} WHERE ${last}) AS is`);
  await until(`SELECT count(*) >= ${count} AS is FROM ${table}`);
  return performance.now() - startedAtMs;
}
