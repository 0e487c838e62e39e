import type { SqlRunner } from '../connection/sql-runner.js';
import { textArray } from '../connection/text-array.js';

/** Which success of an engine is meant. `countedAt` is in whole milliseconds since 1970. */
export interface Success {
  readonly fqdn: string;
  readonly scope: string;
  readonly countedAt: number;
}

/** Reports looked at for each success. A host whose clock is ahead may have sent any number that are dated later. */
const REPORTS_MAX = 100;

/**
 * The traces of the reports of these successes, in order; null where there is none, or where it is not found at a bounded cost.
 *
 * A report never counts later than its own time, and mostly at it: in the index by time its report is the first, or nearly.
 */
export async function tracesOfSuccesses(
  sql: SqlRunner,
  successes: readonly Success[],
): Promise<(string | null)[]> {
  if (successes.length === 0) return [];
  const rows: { traceparent: string | null }[] = await sql.query(
    `SELECT found.traceparent
     FROM (
       SELECT unnest($1::text[]) AS fqdn, unnest($2::text[]) AS scope, unnest($3::text[])::timestamptz AS counted_at,
         generate_subscripts($1::text[], 1) AS ordinal
     ) success
     LEFT JOIN LATERAL (
       SELECT traceparent
       FROM (
         SELECT traceparent, scope, is_passed, counted_at, done_at FROM engine_backup_log log
         WHERE log.fqdn = success.fqdn AND log.done_at >= success.counted_at
         ORDER BY done_at LIMIT ${REPORTS_MAX}
       ) near
       WHERE near.scope = success.scope AND near.is_passed AND traceparent IS NOT NULL
         AND near.counted_at >= success.counted_at AND near.counted_at < success.counted_at + interval '1 millisecond'
       ORDER BY near.done_at LIMIT 1
     ) found ON true
     ORDER BY ordinal`,
    [
      textArray(successes, ({ fqdn }) => fqdn),
      textArray(successes, ({ scope }) => scope),
      textArray(successes, ({ countedAt }) => new Date(countedAt).toISOString()),
    ],
  );
  return rows.map(({ traceparent }) => traceparent);
}
