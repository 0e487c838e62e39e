import type { SqlRunner } from '../connection/sql-runner.js';

/** The destinations of which each notification is an event. */
export type DeliveryQueue = 'webhook' | 'ovirt';

/** A notification that its destination did not accept for three days; instants are RFC 3339 in UTC. */
export interface ListedUndelivered {
  /** A UUID: the same notification has the same id, however often it is given up. */
  readonly id: string;
  readonly queue: DeliveryQueue;
  readonly subjectId: string;
  readonly change: 'raised' | 'cleared';
  /** Why the last attempt failed. */
  readonly reason: string | null;
  readonly notedAt: string;
  readonly givenUpAt: string;
}

/** SQL for the id of a `notification`. */
export const UNDELIVERED_ID = `md5(concat_ws(' ', destination, subject_id, change))::uuid`;

/** Those that were given up, the oldest first; of each engine in order. */
export async function listUndelivered(sql: SqlRunner): Promise<ListedUndelivered[]> {
  const rows: (Omit<ListedUndelivered, Instants> & Record<Instants, Date>)[] = await sql.query(
    `SELECT ${UNDELIVERED_ID} AS id, destination AS queue, subject_id AS "subjectId", change, last_error AS reason,
       noted_at AS "notedAt", settled_at AS "givenUpAt"
     FROM notification WHERE outcome = 'given_up' ORDER BY settled_at, stream, position, change DESC`,
  );
  return rows.map((row) => ({
    ...row,
    notedAt: row.notedAt.toISOString(),
    givenUpAt: row.givenUpAt.toISOString(),
  }));
}

type Instants = 'notedAt' | 'givenUpAt';
