import { setTimeout as sleep } from 'node:timers/promises';
import type { SqlRunner } from '../connection/sql-runner.js';

const ASK_AGAIN_MS = 50;

// Whoever inserts has this lock before the row gets its id, and until the row is committed.
const WRITERS_SQL = `SELECT virtualtransaction AS writer FROM pg_locks
  WHERE relation = 'audit_log'::regclass AND mode = 'RowExclusiveLock' AND granted
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

/**
 * The newest row of the audit log once all rows before it are there: a row gets its id before the commit, so that one with an earlier id
 * can appear later. Waits for those who were writing when that row was read.
 *
 * @param withinMs how long to wait for them
 * @returns its `audit_log_id`, 0 without rows; undefined if one of them has not ended in time
 */
export async function newestSettledAudit(
  sql: SqlRunner,
  withinMs: number,
): Promise<string | undefined> {
  const deadline = performance.now() + withinMs;
  const [row]: { newest: string }[] = await sql.query(
    'SELECT coalesce(max(audit_log_id), 0)::text AS newest FROM audit_log',
  );
  // In a statement of its own: it must not see the locks before the row.
  let writers = await writersNow(sql);
  while (writers.size > 0) {
    if (performance.now() >= deadline) return undefined;
    await sleep(ASK_AGAIN_MS);
    const now = await writersNow(sql);
    writers = new Set([...writers].filter((one) => now.has(one)));
  }
  return row!.newest;
}

async function writersNow(sql: SqlRunner): Promise<Set<string>> {
  const rows: { writer: string }[] = await sql.query(WRITERS_SQL);
  return new Set(rows.map(({ writer }) => writer));
}
