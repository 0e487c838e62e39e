import type { SqlRunner } from '../connection/sql-runner.js';
import { textArray } from '../connection/text-array.js';

/** Which start of a run is meant. `countedAt` is in whole milliseconds since 1970. */
export interface Start {
  readonly fqdn: string;
  /** Null if its reports have none. */
  readonly runId: string | null;
  readonly scopes: readonly string[];
  readonly countedAt: number;
}

/** Reports looked at for each start: a host may repeat one endlessly. */
const REPORTS_MAX = 100;

/** The traces of the reports of these starts, in order; null where there is none, or where it is not found at a bounded cost. */
export async function tracesOfRuns(
  sql: SqlRunner,
  starts: readonly Start[],
): Promise<(string | null)[]> {
  if (starts.length === 0) return [];
  const rows: { traceparent: string | null }[] = await sql.query(
    `SELECT found.traceparent
     FROM (
       SELECT unnest($1::text[]) AS fqdn, unnest($2::text[]) COLLATE "C" AS run_id, unnest($3::text[]) AS scopes,
         unnest($4::text[])::timestamptz AS counted_at, generate_subscripts($1::text[], 1) AS ordinal
     ) start
     LEFT JOIN LATERAL (
       SELECT traceparent
       FROM (
         SELECT log.traceparent, log.counted_at FROM engine_backup_log log
         WHERE log.fqdn = start.fqdn AND coalesce(log.run_id, '') COLLATE "C" = start.run_id AND log.is_passed IS NULL
           AND log.scope = ANY (string_to_array(start.scopes, ','))
           AND log.counted_at >= start.counted_at AND log.counted_at < start.counted_at + interval '1 millisecond'
         LIMIT ${REPORTS_MAX}
       ) near
       WHERE traceparent IS NOT NULL ORDER BY near.counted_at LIMIT 1
     ) found ON true
     ORDER BY ordinal`,
    [
      textArray(starts, ({ fqdn }) => fqdn),
      textArray(starts, ({ runId }) => runId ?? ''),
      // No scope has a comma in it.
      textArray(starts, ({ scopes }) => scopes.join(',')),
      textArray(starts, ({ countedAt }) => new Date(countedAt).toISOString()),
    ],
  );
  return rows.map(({ traceparent }) => traceparent);
}
