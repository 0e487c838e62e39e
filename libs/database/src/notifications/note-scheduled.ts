import type { SqlRunner } from '../connection/sql-runner.js';
import { instantOf } from './instant-of.js';

/**
 * Adds a scheduled notification, once for all replicas: also if it became due while no notifier ran, but not if it was due before the
 * destination was first served. If several could not be sent, only the latest is kept.
 *
 * @param scheduledAt the latest instant at which it was due; this and `now` in whole milliseconds since 1970, by the database's clock
 */
export async function noteScheduled(
  sql: SqlRunner,
  destination: string,
  { scheduledAt, now }: { readonly scheduledAt: number; readonly now: number },
): Promise<void> {
  await sql.query(
    `INSERT INTO notification (destination, subject_id, change, stream, position, noted_at, due_at)
     SELECT $1::text, $2, 'raised', '', $3::float8, ${instantOf('$4')}, ${instantOf('$4')} FROM notification_destination
     WHERE destination = $1::text AND noted_until < ${instantOf('$3')}
     ON CONFLICT DO NOTHING`,
    [destination, uuidOf(scheduledAt), scheduledAt, now],
  );
  await sql.query(
    `INSERT INTO notification_destination (destination, seen_at, noted_until) VALUES ($1::text, ${instantOf('$2')}, ${instantOf('$2')})
     ON CONFLICT (destination) DO UPDATE SET seen_at = excluded.seen_at, noted_until = excluded.noted_until`,
    [destination, now],
  );
  await sql.query(
    `UPDATE notification SET settled_at = ${instantOf('$3')}, outcome = 'not_told', claimed_until = NULL
     WHERE destination = $1::text AND settled_at IS NULL AND position < $2::float8`,
    [destination, scheduledAt, now],
  );
}

/** The same UUID for every replica. */
function uuidOf(at: number): string {
  const digits = at.toString(16).padStart(20, '0');
  return `00000000-0000-${digits.slice(0, 4)}-${digits.slice(4, 8)}-${digits.slice(8)}`;
}
