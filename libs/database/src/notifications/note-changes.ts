import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { joinDismissal } from '../administration/dismissal-in-effect.js';
import { isServedAt } from './address.js';
import { instantOf } from './instant-of.js';

export interface NoteChanges {
  readonly destination: string;
  /** Whole milliseconds since 1970, by the database's clock. */
  readonly now: number;
  /** Whether people read it: they are not notified of an alert while it is dismissed. */
  readonly isReadByPeople: boolean;
  /** Nothing is added if the destination is served at another address; by default it has only one. */
  readonly address?: string | null;
}

/** A clearing is dated before it is committed: each run also covers this long before the previous run. */
const COMMIT_WITHIN = `interval '1 minute'`;

/** When a destination is used again, alerts that were raised and cleared longer ago are skipped. */
const LOOKS_BACK_MAX = `interval '3 days'`;

// A clock that was set back must not hide what is cleared from now on.
const SINCE = `(SELECT least(noted_until, ${instantOf('$2')}) - ${COMMIT_WITHIN}
  FROM notification_destination WHERE destination = $1::text AND noted_until IS NOT NULL)`;
const LATELY = `${instantOf('$2')} - ${LOOKS_BACK_MAX}`;

/** Whether it ended after the destination was first served; a clock that was set back does not matter. */
const IS_OF_ITS_TIME = (endedAt: string) => `EXISTS (SELECT FROM notification_destination
  WHERE destination = $1::text AND (noted_from > ${instantOf('$2')} OR ${endedAt} > noted_from))`;

const IS_NOTED = (id: string, change: string) =>
  `EXISTS (SELECT FROM notification noted WHERE noted.destination = $1::text AND noted.subject_id = ${id} AND noted.change = '${change}')`;

// Decisions may be dated slightly ahead of the clock: an earlier change must not follow a later one.
const IS_LATER_NOTED = `EXISTS (SELECT FROM notification later
  WHERE later.destination = $1::text AND later.stream = alert.fqdn AND later.position > alert.sequence)`;

const INTO = `INSERT INTO notification (destination, subject_id, change, stream, position, noted_at, due_at)`;
const NOW_TWICE = `${instantOf('$2')}, ${instantOf('$2')}`;

const RAISED = `${INTO}
  SELECT $1::text, alert.alert_id, 'raised', fqdn, sequence, ${NOW_TWICE} FROM alert ${joinDismissal(instantOf('$2'))}
  WHERE (cleared_at IS NULL OR cleared_at > ${SINCE} AND cleared_at > ${LATELY} AND ${IS_OF_ITS_TIME('cleared_at')} AND NOT ${IS_LATER_NOTED})
    AND NOT ($3::boolean AND dismissed_at IS NOT NULL) AND NOT ${IS_NOTED('alert.alert_id', 'raised')}
  ORDER BY fqdn, sequence ON CONFLICT DO NOTHING`;

// Compares instants, so that it is sent again once for each end of a dismissal, and not for one that ended before it was sent.
const SHOWN_AGAIN = `UPDATE notification it
  SET settled_at = NULL, outcome = NULL, tries = 0, batch = NULL, last_error = NULL, noted_at = ${instantOf('$2')}, due_at = ${instantOf('$2')}
  FROM alert JOIN alert_dismissal USING (alert_id)
  WHERE it.destination = $1::text AND it.subject_id = alert.alert_id AND it.change = 'raised' AND cleared_at IS NULL
    AND it.settled_at < dismissed_until AND dismissed_until <= ${instantOf('$2')}`;

// Only if the raised notification was added: otherwise the destination does not know the alert.
const CLEARED = `${INTO}
  SELECT $1::text, alert_id, 'cleared', fqdn, coalesce(cleared_sequence, sequence), ${NOW_TWICE} FROM alert
  WHERE cleared_at > ${SINCE} AND ${IS_NOTED('alert_id', 'raised')} AND NOT ${IS_NOTED('alert_id', 'cleared')}
  ORDER BY fqdn, sequence ON CONFLICT DO NOTHING`;

const SPELL_BEGUN = `${INTO}
  SELECT $1::text, unknown_id, 'raised', '', extract(epoch FROM began_at) * 1000, ${NOW_TWICE} FROM unknown_spell
  WHERE (ended_at IS NULL OR ended_at > ${SINCE} AND ended_at > ${LATELY} AND ${IS_OF_ITS_TIME('ended_at')}) AND NOT ${IS_NOTED('unknown_id', 'raised')}
  ON CONFLICT DO NOTHING`;

const SPELL_ENDED = `${INTO}
  SELECT $1::text, unknown_id, 'cleared', '', extract(epoch FROM ended_at) * 1000, ${NOW_TWICE} FROM unknown_spell
  WHERE ended_at > ${SINCE} AND ${IS_NOTED('unknown_id', 'raised')} AND NOT ${IS_NOTED('unknown_id', 'cleared')}
  ON CONFLICT DO NOTHING`;

const NOTED = `INSERT INTO notification_destination AS it (destination, seen_at, noted_until, noted_from)
  VALUES ($1::text, ${NOW_TWICE}, ${instantOf('$2')})
  ON CONFLICT (destination) DO UPDATE SET seen_at = excluded.seen_at, noted_until = excluded.noted_until,
    noted_from = coalesce(it.noted_from, excluded.noted_from)`;

const LOCKED =
  'SELECT FROM notification_destination WHERE destination = $1::text FOR NO KEY UPDATE';

/**
 * Adds a destination's due notifications: one for every active alert, for every alert and unknown spell that has begun since the last run,
 * and for the end of each that was added; and again for one whose dismissal has ended. A new destination gets what is active. Any number of replicas may run this concurrently, and one
 * that dies in between has added nothing.
 */
export async function noteChanges(
  dataSource: DataSource,
  { destination, now, isReadByPeople, address = null }: NoteChanges,
): Promise<void> {
  // In one transaction: a claim between two statements could send the second of an engine's changes before the first.
  await inTransaction(dataSource, async (transaction) => {
    // Locked: what is added while another URL is being introduced would not be removed.
    await transaction.query(LOCKED, [destination]);
    const [row]: { isServed: boolean }[] = await transaction.query(
      `SELECT ${isServedAt('$2')} AS "isServed"`,
      [destination, address],
    );
    if (!row!.isServed) return;
    await transaction.query(RAISED, [destination, now, isReadByPeople]);
    for (const statement of [SHOWN_AGAIN, CLEARED, SPELL_BEGUN, SPELL_ENDED, NOTED])
      await transaction.query(statement, [destination, now]);
  });
}

const KEPT = `interval '100 days'`;
const REMOVED_AT_ONCE = 1_000;

/** Removes notifications that were settled long ago, except those of active alerts; at most a thousand rows. */
export async function removeOldNotifications(sql: SqlRunner, now: number): Promise<void> {
  await sql.query(
    `DELETE FROM notification WHERE (destination, subject_id, change) IN (
       SELECT destination, subject_id, change FROM notification
       WHERE settled_at < ${instantOf('$1')} - ${KEPT}
         AND NOT EXISTS (SELECT FROM alert WHERE alert.alert_id = subject_id AND cleared_at IS NULL)
         AND NOT EXISTS (SELECT FROM unknown_spell WHERE unknown_id = subject_id AND ended_at IS NULL)
       LIMIT ${REMOVED_AT_ONCE})`,
    [now],
  );
  await sql.query(
    `DELETE FROM unknown_spell WHERE ended_at < ${instantOf('$1')} - ${KEPT}
       AND NOT EXISTS (SELECT FROM notification WHERE subject_id = unknown_id)`,
    [now],
  );
}
