import type { SqlRunner } from '@backup-awareness/database/connection';

export type ReportStatus = 'completed' | 'failed' | 'started';

/** The status for `is_passed` of the database. */
export function reportStatus(isPassed: boolean | null): ReportStatus {
  return isPassed === null ? 'started' : isPassed ? 'completed' : 'failed';
}

/** A report as in JSON; instants are RFC 3339 in UTC. */
export interface LatestReport {
  readonly done_at: string;
  readonly scope: string;
  readonly status: ReportStatus;
  readonly counted_at: string;
  readonly received_at: string;
  readonly output_message: string;
  readonly log_path: string;
  readonly reported_by: string | null;
}

const REPORTS_MAX = 10;
export const MESSAGE_CHARACTERS_MAX = 2_000;

/**
 * An engine's latest reports by receipt, the newest first, whatever the host's clock said. Long messages are cut.
 *
 * It reads all reports of that engine: an index for this would cost time at every insert. OFFSET 0 keeps the planner from reading the
 * reports of all engines instead, which for a silent engine would be nearly all.
 */
export async function readLatestReports(sql: SqlRunner, fqdn: string): Promise<LatestReport[]> {
  const rows: Columns[] = await sql.query(
    `SELECT done_at, scope, is_passed, counted_at, received_at, left(output_message, $3) AS output_message,
       log_path, reported_by
     FROM (SELECT * FROM engine_backup_log WHERE fqdn = $1 OFFSET 0) log
     ORDER BY log.received_at DESC, log.done_at DESC, event_id LIMIT $2`,
    [fqdn, REPORTS_MAX, MESSAGE_CHARACTERS_MAX],
  );
  return rows.map(({ is_passed: isPassed, ...row }) => ({
    ...row,
    status: reportStatus(isPassed),
    done_at: row.done_at.toISOString(),
    counted_at: row.counted_at.toISOString(),
    received_at: row.received_at.toISOString(),
  }));
}

interface Columns {
  done_at: Date;
  scope: string;
  is_passed: boolean | null;
  counted_at: Date;
  received_at: Date;
  output_message: string;
  log_path: string;
  reported_by: string | null;
}
