import type { SqlRunner } from '../connection/sql-runner.js';
import { isServedAt } from './address.js';
import { instantOf } from './instant-of.js';
import type { Notification } from './claim-notifications.js';

/** The final outcome of notifications: sent, deliberately not sent, or given up. */
export type NotificationOutcome = 'told' | 'not_told' | 'given_up';

type Key = Pick<Notification, 'subjectId' | 'change'>;

const OF_KEYS = `WHERE it.destination = $1::text AND it.settled_at IS NULL
  AND (it.subject_id, it.change) IN (SELECT * FROM unnest($2::uuid[], $3::text[]))`;

/**
 * Settles notifications permanently. This does not check the claim: what a slow replica has sent is also settled, unless the destination is
 * served at another address by now.
 */
export async function settleNotifications(
  sql: SqlRunner,
  destination: string,
  keys: readonly Key[],
  {
    outcome,
    now,
    error = null,
    address = null,
  }: {
    readonly outcome: NotificationOutcome;
    readonly now: number;
    readonly error?: string | null;
    /** Where it was sent; null: the only place. */
    readonly address?: string | null;
  },
): Promise<void> {
  if (keys.length === 0) return;
  await sql.query(
    `UPDATE notification it SET settled_at = ${instantOf('$4')}, outcome = $5, claimed_until = NULL, last_error = $6 ${OF_KEYS} AND ${isServedAt('$7')}`,
    [destination, ...columns(keys), now, outcome, error, address],
  );
}

export interface Postponed {
  /** When to retry at the earliest: whole milliseconds since 1970. */
  readonly dueAt: number;
  readonly error: string | null;
  /** Whether it has certainly not arrived, so that the next attempt may combine it with others. */
  readonly isUnarrived: boolean;
  /** Whether this attempt counts. */
  readonly counts: boolean;
  /** Where it was sent; null: the only place. */
  readonly address?: string | null;
}

/** Releases a claim, to send the notification later. Has no effect if the claim has expired and another replica has it, or another address. */
export async function postponeNotifications(
  sql: SqlRunner,
  destination: string,
  claimed: readonly Notification[],
  { dueAt, error, isUnarrived, counts, address = null }: Postponed,
): Promise<void> {
  if (claimed.length === 0) return;
  await sql.query(
    `UPDATE notification it SET due_at = ${instantOf('$4')}, last_error = coalesce($5, it.last_error), claimed_until = NULL,
       batch = CASE WHEN $6::boolean THEN NULL ELSE it.batch END, tries = CASE WHEN $7::boolean THEN it.tries ELSE it.tries - 1 END
     ${OF_KEYS} AND (it.subject_id, it.change, it.tries) IN (SELECT * FROM unnest($2::uuid[], $3::text[], $8::int[])) AND ${isServedAt('$9')}`,
    [
      destination,
      ...columns(claimed),
      dueAt,
      error,
      isUnarrived,
      counts,
      claimed.map(({ tries }) => tries),
      address,
    ],
  );
}

/** Whether a notification is pending whose last attempt failed with this error. */
export async function isPendingWith(
  sql: SqlRunner,
  destination: string,
  error: string,
): Promise<boolean> {
  const [row]: { isPending: boolean }[] = await sql.query(
    `SELECT EXISTS (SELECT FROM notification
       WHERE destination = $1::text AND settled_at IS NULL AND last_error = $2) AS "isPending"`,
    [destination, error],
  );
  return row!.isPending;
}

/** All notifications of a destination, pending or settled, that are still kept: for 100 days, and longer while active. */
export async function readNotificationKeys(sql: SqlRunner, destination: string): Promise<Key[]> {
  return sql.query(
    'SELECT subject_id AS "subjectId", change FROM notification WHERE destination = $1::text',
    [destination],
  );
}

function columns(keys: readonly Key[]): [string[], string[]] {
  return [keys.map(({ subjectId }) => subjectId), keys.map(({ change }) => change)];
}
