import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { instantOf } from './instant-of.js';

const CHANGED = `address = $2, noted_from = NULL, noted_until = NULL, last_success_at = NULL, failing_since = NULL, last_error = NULL`;

/**
 * Has a destination start with the present state if it is new or its URL has changed: what another receiver was sent says nothing about this
 * one. What was given up is kept for administrators, except for active alerts, which are sent.
 *
 * @param url the user and the password in it do not matter
 * @param now whole milliseconds since 1970, by the database's clock
 */
export async function startDestination(
  dataSource: DataSource,
  destination: string,
  { url, now }: { readonly url: string; readonly now: number },
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
    const address = addressOf(url);
    const isAnother = added.length > 0 || (before !== null && before !== address);
    if (isAnother)
      await transaction.query(
        `DELETE FROM notification it WHERE destination = $1::text AND (outcome IS DISTINCT FROM 'given_up'
           OR EXISTS (SELECT FROM alert WHERE alert_id = it.subject_id AND cleared_at IS NULL))`,
        [destination],
      );
    await transaction.query(
      `UPDATE notification_destination SET ${isAnother ? CHANGED : 'address = $2'} WHERE destination = $1::text`,
      [destination, address],
    );
  });
}

/** Too little of the hash to find or to confirm a URL that is a secret, and enough to see that it has changed. */
function addressOf(url: string): string {
  const { origin, pathname, search } = new URL(url);
  return createHash('sha256').update(`${origin}${pathname}${search}`).digest('hex').slice(0, 8);
}
