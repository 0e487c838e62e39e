import type { OutgoingEvent } from '@backup-awareness/contracts';
import type { SqlRunner } from './sql-runner.js';

/** After so many failures a row is set aside. */
export const OUTBOX_ATTEMPTS_MAX = 10;

const ERROR_CHARACTERS_MAX = 1_000;

/** An event that waits to be published. */
export interface WaitingEvent {
  /** A bigint, as text; ids of one source follow the order of commits. */
  readonly id: string;
  readonly event: OutgoingEvent;
  readonly attempts: number;
}

/**
 * Puts events into the outbox, in the caller's transaction and in the order given.
 *
 * Ids are given out before the commit: events of one source keep their order only where who
 * writes for that source holds a lock from before this (the engine's row; the checker's lease), or a later id could become visible first.
 */
export async function enqueue(
  transaction: SqlRunner,
  events: readonly OutgoingEvent[],
): Promise<void> {
  if (events.length === 0) return;
  // All as one JSON text: in a storm of ten thousand alerts it is made and read in much less time than as arrays.
  await transaction.query(
    `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data)
     SELECT id, name, exchange, "routingKey", source, subject, time, data
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id text, name text, exchange text, "routingKey" text, source text,
       subject text, time timestamptz, data jsonb)) WITH ORDINALITY AS event
     ORDER BY ordinality`,
    [JSON.stringify(events)],
  );
}

/** The oldest events that wait, those set aside left out. */
export async function readOutbox(dataSource: SqlRunner, limit: number): Promise<WaitingEvent[]> {
  const rows: WaitingRow[] = await dataSource.query(
    `SELECT id, event_id, name, exchange, routing_key, source, subject, time, data, attempts
     FROM outbox WHERE set_aside_at IS NULL ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows.map((row) => ({
    id: row.id,
    event: {
      id: row.event_id,
      name: row.name,
      exchange: row.exchange,
      routingKey: row.routing_key,
      source: row.source,
      subject: row.subject,
      time: row.time.toISOString(),
      data: row.data,
    },
    attempts: row.attempts,
  }));
}

interface WaitingRow {
  id: string;
  event_id: string;
  name: string;
  exchange: string;
  routing_key: string;
  source: string;
  subject: string;
  time: Date;
  data: unknown;
  attempts: number;
}

/** Removes events that the broker has confirmed. */
export async function removePublished(
  dataSource: SqlRunner,
  ids: readonly string[],
): Promise<void> {
  if (ids.length > 0)
    await dataSource.query('DELETE FROM outbox WHERE id = ANY ($1::bigint[])', [ids]);
}

export interface FailureRecorded {
  readonly attempts: number;
  readonly isSetAside: boolean;
}

/**
 * Counts a failure to publish; the tenth sets the event aside.
 *
 * @returns undefined where the row is gone, since another has published it meanwhile
 */
export async function recordFailure(
  dataSource: SqlRunner,
  id: string,
  error: string,
): Promise<FailureRecorded | undefined> {
  const [rows]: [FailureRecorded[], number] = await dataSource.query(
    `UPDATE outbox SET attempts = attempts + 1, last_error = left($2, ${ERROR_CHARACTERS_MAX}),
       set_aside_at = CASE WHEN attempts + 1 >= ${OUTBOX_ATTEMPTS_MAX} THEN coalesce(set_aside_at, now()) ELSE set_aside_at END
     WHERE id = $1 RETURNING attempts, set_aside_at IS NOT NULL AS "isSetAside"`,
    [id, error],
  );
  return rows[0];
}
