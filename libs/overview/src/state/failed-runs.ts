import { msOf, type SqlRunner } from '@backup-awareness/database/connection';

/** The latest run of a scope of an engine, if it has failed. Instants are whole milliseconds since 1970. */
export interface FailedRun {
  readonly fqdn: string;
  readonly scope: string;
  /** When it counts, by the rule for successes. */
  readonly failedAt: number;
  readonly receivedAt: number;
}

/** What a full backup consists of. */
export const FULL_BACKUP_SCOPES: readonly string[] = ['db', 'files'];

/** Reads at most so many other scopes, by engine and scope: invented scopes must not make this slow. */
const OTHER_SCOPES_MAX = 10_000;

const FAILED = 'NOT log.is_passed AND NOT log.is_discounted';

// Jumps from one engine and scope with a failure to the next, by the index of failures alone.
const EVER_FAILED = `
WITH RECURSIVE ever_failed AS (
  (SELECT log.fqdn, log.scope FROM engine_backup_log log
   WHERE ${FAILED} AND ($1::text IS NULL OR log.fqdn = $1) ORDER BY log.fqdn, log.scope LIMIT 1)
  UNION ALL
  SELECT next.fqdn, next.scope FROM ever_failed, LATERAL (
    SELECT log.fqdn, log.scope FROM engine_backup_log log
    WHERE ${FAILED} AND (log.fqdn, log.scope) > (ever_failed.fqdn, ever_failed.scope) AND ($1::text IS NULL OR log.fqdn = $1)
    ORDER BY log.fqdn, log.scope LIMIT 1
  ) next
)`;

// At the same instant, the one that was received later is the latest.
const IS_LATEST = `(last.counted_at IS NULL OR failed.counted_at > last.counted_at
  OR failed.counted_at = last.counted_at AND NOT EXISTS (
    SELECT FROM engine_backup_log log
    WHERE log.fqdn = tried.fqdn AND log.scope = tried.scope AND log.is_passed AND NOT log.is_discounted
      AND log.done_at >= failed.counted_at AND log.counted_at = failed.counted_at AND log.received_at > failed.received_at))`;

/**
 * The engines and scopes whose latest completed or failed report is a failure, by when it counts and then by receipt: a started report
 * does not hide it, and a success ends it. Sorted by engine and scope; retired engines too.
 *
 * The cost depends on the number of engines and scopes, not of reports.
 */
export async function readFailedRuns(sql: SqlRunner, fqdn?: string): Promise<FailedRun[]> {
  const rows: Columns[] = await sql.query(
    `${EVER_FAILED}, tried AS (
       SELECT engine.fqdn, scope FROM engine CROSS JOIN unnest($2::text[]) AS scope WHERE $1::text IS NULL OR engine.fqdn = $1
       UNION ALL
       SELECT fqdn, scope FROM (SELECT * FROM ever_failed LIMIT ${OTHER_SCOPES_MAX}) others WHERE scope <> ALL ($2::text[])
     )
     SELECT tried.fqdn, tried.scope, ${msOf('failed.counted_at')} AS failed_at, ${msOf('failed.received_at')} AS received_at
     FROM tried CROSS JOIN LATERAL (
       SELECT log.counted_at, log.received_at FROM engine_backup_log log
       WHERE log.fqdn = tried.fqdn AND log.scope = tried.scope AND ${FAILED}
       ORDER BY log.counted_at DESC, log.received_at DESC LIMIT 1
     ) failed
     LEFT JOIN engine_last_success last ON last.fqdn = tried.fqdn AND last.scope = tried.scope
     WHERE ${IS_LATEST} ORDER BY tried.fqdn, tried.scope`,
    [fqdn ?? null, FULL_BACKUP_SCOPES],
  );
  return rows.map((row) => ({
    fqdn: row.fqdn,
    scope: row.scope,
    failedAt: row.failed_at,
    receivedAt: row.received_at,
  }));
}

interface Columns {
  fqdn: string;
  scope: string;
  failed_at: number;
  received_at: number;
}
