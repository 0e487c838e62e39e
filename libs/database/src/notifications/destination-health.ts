import { msOf } from '../connection/ms-of.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { instantOf } from './instant-of.js';

/** Whether a destination can be notified. Instants are whole milliseconds since 1970. */
export interface DestinationHealth {
  readonly destination: string;
  /** When a replica last served it. */
  readonly seenAt: number;
  readonly lastSuccessAt: number | null;
  readonly failingSince: number | null;
  readonly lastError: string | null;
}

/** Records the outcome of an attempt, for checks of the product's health. @param error undefined if it succeeded */
export async function recordDestination(
  sql: SqlRunner,
  destination: string,
  now: number,
  error: string | undefined,
): Promise<void> {
  await sql.query(
    error === undefined
      ? `INSERT INTO notification_destination (destination, seen_at, last_success_at) VALUES ($1::text, ${instantOf('$2')}, ${instantOf('$2')})
         ON CONFLICT (destination) DO UPDATE SET seen_at = excluded.seen_at, last_success_at = excluded.last_success_at, failing_since = NULL, last_error = NULL`
      : `INSERT INTO notification_destination AS it (destination, seen_at, failing_since, last_error)
         VALUES ($1::text, ${instantOf('$2')}, ${instantOf('$2')}, $3)
         ON CONFLICT (destination) DO UPDATE SET seen_at = excluded.seen_at, failing_since = coalesce(it.failing_since, excluded.failing_since), last_error = excluded.last_error`,
    error === undefined ? [destination, now] : [destination, now, error],
  );
}

/**
 * Ends the failure of a destination that works again, if it has nothing pending: otherwise the outcome of that shows whether it does. This
 * is not a success, since nothing was sent.
 *
 * @returns whether nothing was pending
 */
export async function endFailure(sql: SqlRunner, destination: string): Promise<boolean> {
  const [{ isPending }] = (await sql.query(
    `SELECT EXISTS (SELECT FROM notification WHERE destination = $1::text AND settled_at IS NULL) AS "isPending"`,
    [destination],
  )) as [{ isPending: boolean }];
  if (isPending) return false;
  await sql.query(
    `UPDATE notification_destination SET failing_since = NULL, last_error = NULL
     WHERE destination = $1::text AND failing_since IS NOT NULL`,
    [destination],
  );
  return true;
}

/** Records that a replica serves a destination, whether or not there was anything to send. */
export async function recordSeen(sql: SqlRunner, destination: string, now: number): Promise<void> {
  await sql.query(
    `INSERT INTO notification_destination (destination, seen_at) VALUES ($1::text, ${instantOf('$2')})
     ON CONFLICT (destination) DO UPDATE SET seen_at = excluded.seen_at`,
    [destination, now],
  );
}

/** A destination that is away for less is warned of, and then goes on with the changes. */
const UNSEEN_MS = 7 * 24 * 3_600_000;

/**
 * Removes the destinations that are not configured here and that no replica has served for long. Until then they may be those of another notifier
 * that has failed.
 *
 * @param configured the names of the destinations to keep
 * @param unseenMs for how long no replica has served those that are removed
 */
export async function removeDestinations(
  sql: SqlRunner,
  configured: readonly string[],
  now: number,
  unseenMs = UNSEEN_MS,
): Promise<void> {
  await sql.query(
    `DELETE FROM notification_destination WHERE NOT destination = ANY ($1::text[])
       AND (seen_at < ${instantOf('$2 - $3')} OR seen_at > ${instantOf('$2 + $3')})`,
    [configured, now, unseenMs],
  );
}

/** Every destination that is served, and those that were until lately. */
export async function readDestinations(sql: SqlRunner): Promise<DestinationHealth[]> {
  return sql.query(
    `SELECT destination, ${msOf('seen_at')} AS "seenAt", ${msOf('last_success_at')} AS "lastSuccessAt",
       ${msOf('failing_since')} AS "failingSince", last_error AS "lastError" FROM notification_destination ORDER BY destination`,
  );
}
