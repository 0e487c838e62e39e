import { newEventId } from '@backup-awareness/contracts';
import type { SqlRunner } from '../connection/sql-runner.js';
import { instantOf } from './instant-of.js';

/** A spell ends when no replica has seen it for this long: while one still sees it, it stays open. */
export const UNSEEN_MS = 60_000;

/** Records that a replica finds the status unknown: begins a spell, or keeps the open one open with the latest reason. */
export async function seeUnknown(
  sql: SqlRunner,
  now: number,
  unknown: { readonly sinceAt: number; readonly reason: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO unknown_spell AS it (unknown_id, began_at, seen_at, reason) VALUES ($1, ${instantOf('$3')}, ${instantOf('$2')}, $4)
     ON CONFLICT (ended_at) WHERE ended_at IS NULL DO UPDATE SET seen_at = excluded.seen_at, reason = excluded.reason`,
    [newEventId(), now, unknown.sinceAt, unknown.reason],
  );
}

/** Ends the open spell if no replica has seen it recently. */
export async function endUnknown(sql: SqlRunner, now: number): Promise<void> {
  await sql.query(
    `UPDATE unknown_spell SET ended_at = ${instantOf('$1')}
     WHERE ended_at IS NULL AND (seen_at <= ${instantOf('$1 - $2')} OR seen_at > ${instantOf('$1 + $2')})`,
    [now, UNSEEN_MS],
  );
}
