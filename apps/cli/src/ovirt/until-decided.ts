import type { SqlRunner } from '@backup-awareness/database/connection';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 100;
/** More than a checker needs; without one there is nothing to wait for. */
const WAIT_MS = 5_000;

/**
 * Waits until the leader has decided all engines by the settings that are committed now. After a change of settings it decides every
 * engine, and one whose `db` has arrived before its `files` would get an alert.
 */
export async function untilDecided(sql: SqlRunner): Promise<void> {
  const [row]: { now: string }[] = await sql.query('SELECT clock_timestamp()::text AS now');
  const startedAt = performance.now();
  while (performance.now() - startedAt < WAIT_MS) {
    // Written by the transaction that decides, at its end.
    const [state]: { isDecided: boolean | null }[] = await sql.query(
      'SELECT latest_now_at > $1::timestamptz AS "isDecided" FROM checker_state',
      [row!.now],
    );
    if (state?.isDecided) return;
    await sleep(POLL_MS);
  }
}
