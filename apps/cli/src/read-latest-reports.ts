import type { Sql } from './database-session.js';

/** A report of a backup as JSON shows it; instants are RFC 3339 in UTC. */
export interface LatestReport {
  readonly done_at: string;
  readonly scope: string;
  readonly status: 'completed' | 'failed' | 'started';
  readonly counted_at: string;
  readonly received_at: string;
  readonly output_message: string;
  readonly log_path: string;
  readonly reported_by: string | null;
}

const REPORTS_MAX = 10;
const MESSAGE_CHARACTERS_MAX = 2_000;

/** An engine's latest reports, newest first; long messages are cut. */
export async function readLatestReports(sql: Sql, fqdn: string): Promise<LatestReport[]> {
  const rows: Columns[] = await sql.query(
    `SELECT done_at, scope, is_passed, counted_at, received_at, left(output_message, $3) AS output_message,
       log_path, reported_by
     FROM engine_backup_log WHERE fqdn = $1 ORDER BY engine_backup_log.done_at DESC, event_id LIMIT $2`,
    [fqdn, REPORTS_MAX, MESSAGE_CHARACTERS_MAX],
  );
  return rows.map(({ is_passed: isPassed, ...row }) => ({
    ...row,
    status: isPassed === null ? 'started' : isPassed ? 'completed' : 'failed',
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
