import { msOf } from '@backup-awareness/database/connection';
import type { SqlRunner } from '@backup-awareness/database/connection';

/** A destination of notifications that a notifier looks after: one that is configured no longer is nobody's concern. */
export interface Destination {
  readonly destination: string;
  /** Since when every try has failed, in whole milliseconds since 1970; null: it does not fail. */
  readonly failingSince: number | null;
  readonly error: string;
}

/** A destination of notifications of which every try has failed for a while. */
export interface FailingDestination extends Destination {
  readonly failingSince: number;
}

export async function readDestinations(sql: SqlRunner): Promise<Destination[]> {
  return sql.query(
    `SELECT destination, ${msOf('failing_since')} AS "failingSince", coalesce(last_error, '') AS error
     FROM notification_destination
     WHERE seen_at > statement_timestamp() - interval '30 minutes' ORDER BY destination`,
  );
}

export async function readFailingDestinations(sql: SqlRunner): Promise<FailingDestination[]> {
  const all = await readDestinations(sql);
  return all.filter((one): one is FailingDestination => one.failingSince !== null);
}
