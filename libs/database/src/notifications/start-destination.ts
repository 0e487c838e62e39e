import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { msOf } from '../connection/ms-of.js';
import { instantOf } from './instant-of.js';

const CHANGED = `address = $2, noted_from = NULL, noted_until = NULL, last_success_at = NULL, failing_since = NULL, last_error = NULL`;

/**
 * Has a destination start with the present state if it is new or its URL has changed: what another receiver was sent says nothing about this
 * one. What was given up is kept for administrators, except for active alerts, which are sent.
 *
 * @param address where it is served from now on: replicas with another one no longer note, claim or settle anything of it
 * @param now whole milliseconds since 1970, by the database's clock
 */
export async function startDestination(
  dataSource: DataSource,
  destination: string,
  { address, now }: { readonly address: string; readonly now: number },
): Promise<void> {
  await inTransaction(dataSource, async (transaction) => {
    const added: unknown[] = await transaction.query(
      `INSERT INTO notification_destination (destination, seen_at) VALUES ($1::text, ${instantOf('$2')})
       ON CONFLICT DO NOTHING RETURNING destination`,
      [destination, now],
    );
    // Locked: of replicas that start at the same time, the second must not remove what the first has added.
    const [row]: { address: string | null }[] = await transaction.query(
      'SELECT address FROM notification_destination WHERE destination = $1::text FOR UPDATE',
      [destination],
    );
    const before = row?.address ?? null;
    const isAnother = added.length > 0 || (before !== null && before !== address);
    if (isAnother)
      await transaction.query(
        `DELETE FROM notification it WHERE destination = $1::text AND (outcome IS DISTINCT FROM 'given_up'
           OR EXISTS (SELECT FROM alert WHERE alert_id = it.subject_id AND cleared_at IS NULL))`,
        [destination],
      );
    await transaction.query(
      `UPDATE notification_destination SET seen_at = ${instantOf('$3')}, ${isAnother ? CHANGED : 'address = $2'} WHERE destination = $1::text`,
      [destination, address, now],
    );
  });
}

/** The address at which a destination is served, null if none is recorded, and when that was last done: whole milliseconds since 1970. */
export async function readServed(
  sql: SqlRunner,
  destination: string,
): Promise<{ readonly address: string | null; readonly seenAt: number } | undefined> {
  const [row]: { address: string | null; seenAt: number }[] = await sql.query(
    `SELECT address, ${msOf('seen_at')} AS "seenAt" FROM notification_destination WHERE destination = $1::text`,
    [destination],
  );
  return row;
}
