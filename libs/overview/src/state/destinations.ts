import { msOf } from '@backup-awareness/database/connection';
import type { SqlRunner } from '@backup-awareness/database/connection';

/** A destination of notifications. It is removed when no notifier has served it for seven days. Instants are whole milliseconds since 1970. */
export interface Destination {
  readonly destination: string;
  /** When a notifier last served it. */
  readonly seenAt: number;
  /** Since when every try has failed; null: it does not fail. */
  readonly failingSince: number | null;
  readonly error: string;
}

export async function readDestinations(sql: SqlRunner): Promise<Destination[]> {
  return sql.query(
    `SELECT destination, ${msOf('seen_at')} AS "seenAt", ${msOf('failing_since')} AS "failingSince",
       coalesce(last_error, '') AS error
     FROM notification_destination ORDER BY destination`,
  );
}

/** When a notifier last served each destination: all that the checker's role may see. */
export async function readDestinationsSeen(
  sql: SqlRunner,
): Promise<Pick<Destination, 'destination' | 'seenAt'>[]> {
  return sql.query(
    `SELECT destination, ${msOf('seen_at')} AS "seenAt" FROM notification_destination ORDER BY destination`,
  );
}
