import type { SqlRunner } from '@backup-awareness/database/connection';

/** How a monitored engine reports, by its latest reports. Spans are whole milliseconds. */
export interface Reporting {
  readonly fqdn: string;
  readonly brokerUser: string | null;
  readonly hasReported: boolean;
  /** Who sent its latest report; null if the broker did not validate it, or there is none. */
  readonly latestBy: string | null;
  /** Everybody who reported about it in the last week, the latest first. */
  readonly reportedBy: readonly string[];
  /** How far the host's clock was ahead when it sent its latest report; 0 if it was not, null without a recent report. */
  readonly aheadMs: number | null;
  /** The shortest time from the host's time of a report to its receipt, of its latest three; null as above. */
  readonly delayMs: number | null;
}

const REPORTS_MAX = 100_000;
const LATEST = 3;

// The sender's time of sending is not stored. Where it was after the receipt, by a clock that is ahead, `counted_at` is earlier than
// `done_at` by just that much. Where it was before, only the delay of a report tells: a clock that is behind delays them all.
const REPORTING_SQL = `
WITH recent AS (
  SELECT fqdn, done_at, received_at, counted_at, reported_by
  FROM engine_backup_log WHERE received_at > statement_timestamp() - interval '7 days'
  ORDER BY received_at DESC LIMIT ${REPORTS_MAX}
), numbered AS (
  SELECT *, row_number() OVER (PARTITION BY fqdn ORDER BY received_at DESC) AS n FROM recent
), latest AS (
  SELECT fqdn,
    max(date_part('epoch', done_at - counted_at)) FILTER (WHERE n = 1) * 1000 AS ahead,
    min(date_part('epoch', received_at - done_at)) FILTER (WHERE n <= ${LATEST}) * 1000 AS delay,
    max(reported_by) FILTER (WHERE n = 1) AS "latestBy"
  FROM numbered GROUP BY fqdn
), reporter AS (
  SELECT fqdn, array_agg(reported_by ORDER BY at DESC) AS users
  FROM (SELECT fqdn, reported_by, max(received_at) AS at FROM recent WHERE reported_by IS NOT NULL GROUP BY 1, 2) AS each
  GROUP BY fqdn
)
SELECT engine.fqdn, engine.broker_user AS "brokerUser", "latestBy", coalesce(users, '{}') AS "reportedBy",
  round(greatest(ahead, 0)) AS "aheadMs", round(delay) AS "delayMs",
  EXISTS (SELECT FROM engine_backup_log log WHERE log.fqdn = engine.fqdn) AS "hasReported"
FROM engine LEFT JOIN latest USING (fqdn) LEFT JOIN reporter USING (fqdn)
WHERE retired_at IS NULL ORDER BY engine.fqdn`;

export async function lookAtReporters(sql: SqlRunner): Promise<Reporting[]> {
  return sql.query(REPORTING_SQL);
}
