import type { SqlRunner } from '@backup-awareness/database/connection';
import { MESSAGE_CHARACTERS_MAX, reportStatus, type ReportStatus } from './latest-reports.js';

/** A report of an engine in a list; instants are RFC 3339 in UTC. */
export interface ListedReport {
  readonly event_id: string;
  readonly run_id: string | null;
  readonly scope: string;
  readonly status: ReportStatus;
  /** By the host's clock; null where the report of it has no run or is not known. */
  readonly started_at: string | null;
  readonly finished_at: string | null;
  readonly done_at: string;
  readonly received_at: string;
  readonly counted_at: string;
  /** Which instant counts: the earliest of these, the last being the receipt minus its age by the sender's clock. */
  readonly counted_by: 'done_at' | 'received_at' | 'sender_clock';
  readonly reported_by: string | null;
  readonly log_path: string;
  readonly output_message: string;
}

/** The place of a report in the list. */
export interface ReportPlace {
  /** With microseconds. */
  readonly doneAt: string;
  readonly eventId: string;
}

export interface ReportsQuery {
  readonly fqdn: string;
  /** Only what is from this instant or later, by the host's clock. */
  readonly from?: Date | undefined;
  /** Only what is from before this instant, by the host's clock. */
  readonly to?: Date | undefined;
  readonly after?: ReportPlace | undefined;
  readonly limit: number;
}

// The start or end of a report's run is found by the indexes of runs.
const SQL = `
SELECT page.event_id, run_id, scope, is_passed, done_at, received_at, counted_at, reported_by, log_path,
  left(output_message, $7) AS output_message,
  CASE WHEN is_passed IS NULL THEN done_at ELSE start.at END AS started_at,
  CASE WHEN is_passed IS NULL THEN finish.at ELSE done_at END AS finished_at,
  to_char(done_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS place
FROM (
  SELECT * FROM engine_backup_log
  WHERE fqdn = $1 AND ($2::timestamptz IS NULL OR done_at >= $2) AND ($3::timestamptz IS NULL OR done_at < $3)
    AND ($4::timestamptz IS NULL OR (done_at <= $4 AND (done_at < $4 OR event_id > $5)))
  ORDER BY done_at DESC, event_id LIMIT $6
) page
LEFT JOIN LATERAL (
  SELECT other.done_at AS at FROM engine_backup_log other
  WHERE page.is_passed IS NOT NULL AND other.is_passed IS NULL AND page.run_id <> '' AND other.fqdn = page.fqdn
    AND (coalesce(other.run_id, '') COLLATE "C") = page.run_id AND other.scope = page.scope
  ORDER BY other.counted_at DESC LIMIT 1
) start ON true
LEFT JOIN LATERAL (
  SELECT max(other.done_at) AS at FROM engine_backup_log other
  WHERE page.is_passed IS NULL AND other.is_passed IS NOT NULL AND other.run_id IS NOT NULL AND other.fqdn = page.fqdn
    AND (other.run_id COLLATE "C") = page.run_id AND other.scope = page.scope
) finish ON true
ORDER BY done_at DESC, event_id`;

/**
 * Reports of an engine, the newest by the host's clock first, at most `limit`. Long messages are cut.
 *
 * @returns with the place after which the next page begins; null on the last one
 */
export async function readEngineReports(
  sql: SqlRunner,
  { fqdn, from, to, after, limit }: ReportsQuery,
): Promise<{ readonly reports: readonly ListedReport[]; readonly next: ReportPlace | null }> {
  const rows: Columns[] = await sql.query(SQL, [
    fqdn,
    from ?? null,
    to ?? null,
    after?.doneAt ?? null,
    after?.eventId ?? null,
    limit + 1,
    MESSAGE_CHARACTERS_MAX,
  ]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    reports: page.map(listedReport),
    next: last && rows.length > limit ? { doneAt: last.place, eventId: last.event_id } : null,
  };
}

interface Columns extends Pick<
  ListedReport,
  'event_id' | 'run_id' | 'scope' | 'reported_by' | 'log_path' | 'output_message'
> {
  is_passed: boolean | null;
  done_at: Date;
  received_at: Date;
  counted_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  place: string;
}

function listedReport({ is_passed: isPassed, place: _, ...row }: Columns): ListedReport {
  return {
    ...row,
    status: reportStatus(isPassed),
    started_at: row.started_at?.toISOString() ?? null,
    finished_at: row.finished_at?.toISOString() ?? null,
    done_at: row.done_at.toISOString(),
    received_at: row.received_at.toISOString(),
    counted_at: row.counted_at.toISOString(),
    counted_by: countedBy(row),
  };
}

type Instants = Pick<Columns, 'counted_at' | 'done_at' | 'received_at'>;

function countedBy({ counted_at, done_at, received_at }: Instants): ListedReport['counted_by'] {
  if (counted_at.getTime() === done_at.getTime()) return 'done_at';
  return counted_at.getTime() === received_at.getTime() ? 'received_at' : 'sender_clock';
}
