import type { SqlRunner } from '../connection/sql-runner.js';
import { msOf } from '../connection/ms-of.js';
import { isServedAt } from './address.js';
import { instantOf } from './instant-of.js';

/** A notification that this replica has claimed: until the claim expires, no other replica sends it. */
export interface Notification {
  /** The id of an alert, or of an unknown spell. */
  readonly subjectId: string;
  readonly change: 'raised' | 'cleared';
  /** The engine, or '' if it concerns none. */
  readonly stream: string;
  /** When it was added: whole milliseconds since 1970. */
  readonly notedAt: number;
  /** Including this one. */
  readonly tries: number;
  /** Whether it is that of a beginning, and that of its end is settled already: sent now, it would begin for ever. */
  readonly isOver: boolean;
  /** The batch that is sent as one; null if each is sent separately. */
  readonly batch: string | null;
}

/** Longer than any attempt takes. After that, other replicas can claim what a dead replica was sending. */
export const CLAIM_MS = 120_000;

/** A clock that was set back must not delay anything: what is due later than this is due now. */
const WAIT_MAX_MS = 24 * 3_600_000;

const IS_FREE = `(claimed_until IS NULL OR claimed_until <= ${instantOf('$2')} OR claimed_until > ${instantOf('$2 + $3')} + interval '1 minute')`;
const IS_DUE = `(due_at <= ${instantOf('$2')} OR due_at > ${instantOf(`$2 + ${WAIT_MAX_MS}`)})`;

const COLUMNS = `it.subject_id AS "subjectId", it.change, it.stream, ${msOf('it.noted_at')} AS "notedAt", it.tries, it.batch,
  it.change = 'raised' AND EXISTS (SELECT FROM notification ended WHERE ended.destination = it.destination
    AND ended.subject_id = it.subject_id AND ended.change = 'cleared' AND ended.settled_at IS NOT NULL) AS "isOver"`;

/**
 * Claims the first pending notification of each stream that is due, at most `limit`: later ones in its stream wait for its outcome, so
 * that all of one engine are sent in order. Those that were not postponed come first: many that cannot be sent do not hold them up.
 *
 * @param now whole milliseconds since 1970, by the database's clock
 * @param address claims nothing if the destination is served at another one
 */
export async function claimHeads(
  sql: SqlRunner,
  destination: string,
  now: number,
  limit: number,
  address: string | null = null,
): Promise<Notification[]> {
  // A replica that loses the race for a row sees the claim, and skips the row.
  const [rows] = (await sql.query(
    `UPDATE notification it SET tries = it.tries + 1, claimed_until = ${instantOf('$2 + $3')}
     FROM (
       SELECT * FROM (
         SELECT DISTINCT ON (stream) subject_id, change, noted_at, due_at, claimed_until FROM notification
         WHERE destination = $1::text AND settled_at IS NULL ORDER BY stream, position, change DESC
       ) head WHERE ${IS_DUE} AND ${IS_FREE} AND ${isServedAt('$5')} ORDER BY due_at > noted_at, due_at LIMIT $4
     ) head
     WHERE it.destination = $1::text AND it.subject_id = head.subject_id AND it.change = head.change
       AND it.settled_at IS NULL AND it.claimed_until IS NOT DISTINCT FROM head.claimed_until
     RETURNING ${COLUMNS}`,
    [destination, now, CLAIM_MS, limit, address],
  )) as [Notification[], number];
  return rows;
}

/**
 * Claims all pending notifications as one batch: at once if nothing was sent for `gatherMs`, otherwise when that time is over. A batch that
 * may have arrived is claimed again unchanged, so that it can be sent with the same id.
 *
 * @param batch the id of a new batch: a UUID
 */
export async function claimBatch(
  sql: SqlRunner,
  destination: string,
  now: number,
  { batch, gatherMs }: { readonly batch: string; readonly gatherMs: number },
): Promise<Notification[]> {
  const claim = (condition: string) =>
    sql.query(
      `UPDATE notification it SET tries = it.tries + 1, batch = coalesce(it.batch, $4), claimed_until = ${instantOf('$2 + $3')}
       WHERE it.destination = $1::text AND it.settled_at IS NULL AND ${IS_FREE.replaceAll('claimed_until', 'it.claimed_until')} AND ${condition}
       RETURNING ${COLUMNS}`,
      [destination, now, CLAIM_MS, batch],
    ) as Promise<[Notification[], number]>;
  const pending = 'SELECT FROM notification WHERE destination = $1::text AND settled_at IS NULL';
  const [again] = await claim(
    `it.batch = (SELECT batch FROM notification WHERE destination = $1::text AND settled_at IS NULL AND batch IS NOT NULL
       AND ${IS_FREE} AND ${IS_DUE} ORDER BY noted_at, batch LIMIT 1)`,
  );
  if (again.length > 0) return again;
  const isDue = `${pending} AND batch IS NULL AND ${IS_FREE} AND ${IS_DUE}`;
  const toldLately = `SELECT FROM notification WHERE destination = $1::text AND outcome = 'told'
    AND settled_at > ${instantOf(`$2 - ${Math.round(gatherMs)}`)} AND settled_at <= ${instantOf('$2')}`;
  // Otherwise many batches would be sent while one hangs.
  const [fresh] = await claim(
    `it.batch IS NULL AND EXISTS (${isDue}) AND NOT EXISTS (${toldLately}) AND NOT EXISTS (${pending} AND batch IS NOT NULL)`,
  );
  return fresh;
}
