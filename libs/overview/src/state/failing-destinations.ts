import { msOf } from '@backup-awareness/database/connection';
import type { SqlRunner } from '@backup-awareness/database/connection';

/** A destination of notifications of which every try has failed for a while. */
export interface FailingDestination {
  readonly destination: string;
  /** Whole milliseconds since 1970. */
  readonly failingSince: number;
  readonly error: string;
}

/** Those that a notifier looks after: one that is configured no longer is nobody's concern. */
export async function readFailingDestinations(sql: SqlRunner): Promise<FailingDestination[]> {
  return sql.query(
    `SELECT destination, ${msOf('failing_since')} AS "failingSince", coalesce(last_error, '') AS error
     FROM notification_destination
     WHERE failing_since IS NOT NULL AND seen_at > statement_timestamp() - interval '30 minutes' ORDER BY destination`,
  );
}
