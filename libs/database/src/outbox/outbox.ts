import { storableText, type OutgoingEvent } from '@backup-awareness/contracts';
import type { SqlRunner } from '../connection/sql-runner.js';

/** Number of failures after which an event is set aside. */
export const OUTBOX_ATTEMPTS_MAX = 10;

const ERROR_CHARACTERS_MAX = 1_000;

/** An event that is not published yet. */
export interface PendingEvent {
  /** A bigint as text; ids of one source follow the order of commits. */
  readonly id: string;
  readonly event: OutgoingEvent;
  readonly attempts: number;
}

/**
 * Adds events to the outbox, in the caller's transaction and in the given order.
 *
 * Ids are assigned before the commit. The caller must already hold a lock for the source (the engine's row, or the checker's lease):
 * otherwise a later id could become visible first, and the order of the source would be lost.
 */
export async function enqueue(
  transaction: SqlRunner,
  events: readonly OutgoingEvent[],
): Promise<void> {
  if (events.length === 0) return;
  // One JSON text is much faster to write and parse than arrays, which matters with ten thousand alerts at once.
  await transaction.query(
    `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data, traceparent)
     SELECT id, name, exchange, "routingKey", source, subject, time, data, traceparent
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id text, name text, exchange text, "routingKey" text, source text,
       subject text, time timestamptz, data jsonb, traceparent text)) WITH ORDINALITY AS event
     ORDER BY ordinality`,
    [storableJson(events)],
  );
}

const UNSTORABLE = /\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** JSON that PostgreSQL can store: an event may quote what somebody sent, with a NUL or a lone surrogate in it. */
function storableJson(events: readonly OutgoingEvent[]): string {
  const json = JSON.stringify(events);
  // Hardly ever needed, and slow with ten thousand events.
  if (!UNSTORABLE.test(json)) return json;
  return JSON.stringify(events, (_key, value: unknown) =>
    typeof value === 'string' ? storableText(value) : value,
  );
}

/** The oldest pending events, without those set aside. */
export async function readOutbox(dataSource: SqlRunner, limit: number): Promise<PendingEvent[]> {
  const rows: PendingRow[] = await dataSource.query(
    `SELECT ${COLUMNS} FROM outbox WHERE set_aside_at IS NULL ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows.map(pendingEvent);
}

const SOURCES_AT_ONCE = 2_000;

export interface OutboxOfSources {
  readonly events: readonly PendingEvent[];
  /** The last source that was read; null if there is none after it. */
  readonly next: string | null;
}

/**
 * Reads pending events source by source: of each source after `after` the oldest events, up to the first one for an exchange in `without`.
 *
 * However many events one source or exchange has, those of others are read sooner or later, at a cost proportional to what is read. This
 * costs several times as much as `readOutbox`, which is enough while nothing is held up.
 */
export async function readOutboxOfSources(
  dataSource: SqlRunner,
  request: { readonly after: string; readonly without: readonly string[]; readonly limit: number },
): Promise<OutboxOfSources> {
  const { after, without, limit } = request;
  const rows: (Partial<PendingRow> & { pending_source: string })[] = await dataSource.query(
    `WITH RECURSIVE every (source) AS (
       (SELECT source FROM outbox WHERE set_aside_at IS NULL AND source COLLATE "C" > $1
        ORDER BY source COLLATE "C" LIMIT 1)
       UNION ALL
       SELECT (SELECT source FROM outbox WHERE set_aside_at IS NULL AND source COLLATE "C" > every.source COLLATE "C"
               ORDER BY source COLLATE "C" LIMIT 1)
       FROM every WHERE every.source IS NOT NULL
     ), pending AS MATERIALIZED (
       SELECT source FROM every WHERE source IS NOT NULL LIMIT ${SOURCES_AT_ONCE}
     )
     SELECT pending.source AS pending_source, event.*
     FROM pending LEFT JOIN LATERAL (
       SELECT ${COLUMNS} FROM (
         SELECT oldest.*, bool_and(exchange <> ALL ($2::text[])) OVER (ORDER BY id) AS may_go FROM (
           SELECT * FROM outbox WHERE set_aside_at IS NULL AND source COLLATE "C" = pending.source COLLATE "C"
           ORDER BY id LIMIT greatest(1, $3::bigint / (SELECT count(*) FROM pending))
         ) oldest
       ) judged WHERE may_go
     ) event ON true
     ORDER BY pending.source COLLATE "C", event.id`,
    [after, without, limit],
  );
  const last = rows.at(-1)?.pending_source ?? null;
  const isFull = new Set(rows.map((row) => row.pending_source)).size === SOURCES_AT_ONCE;
  const events = rows.filter((row): row is typeof row & PendingRow => row.id != null);
  return { events: events.map(pendingEvent), next: isFull ? last : null };
}

const COLUMNS =
  'id, event_id, name, exchange, routing_key, source, subject, time, data, traceparent, attempts';

function pendingEvent(row: PendingRow): PendingEvent {
  return {
    id: row.id,
    event: {
      id: row.event_id,
      name: row.name,
      exchange: row.exchange,
      routingKey: row.routing_key,
      source: row.source,
      subject: row.subject,
      time: row.time.toISOString(),
      ...(row.traceparent !== null && { traceparent: row.traceparent }),
      data: row.data,
    },
    attempts: row.attempts,
  };
}

interface PendingRow {
  id: string;
  event_id: string;
  name: string;
  exchange: string;
  routing_key: string;
  source: string;
  subject: string;
  time: Date;
  traceparent: string | null;
  data: unknown;
  attempts: number;
}

/** Deletes events that the broker has confirmed. */
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
 * @returns undefined if the event is gone because somebody else has published it
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
