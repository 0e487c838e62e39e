import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { LAST_SUCCESSES } from '@backup-awareness/database/reports';
import { reportStatus, type ReportStatus } from './latest-reports.js';

export type { ReportStatus };

/** The latest report of an engine that has no full backup. Instants are whole milliseconds since 1970. */
export interface ReportWithoutBackup {
  readonly fqdn: string;
  readonly scope: string;
  readonly status: ReportStatus;
  readonly doneAt: number;
  readonly receivedAt: number;
}

const NEWEST = 'ORDER BY log.done_at DESC, log.event_id LIMIT 1';

/**
 * The latest report of each engine without a success of `db` or of `files`, if it has one. Of the newest report up to now and the
 * newest of all it is the one that was received later: a clock that was ahead hides nothing.
 */
export async function readReportsWithoutBackup(
  sql: SqlRunner,
  fqdn?: string,
): Promise<ReportWithoutBackup[]> {
  const rows: Columns[] = await sql.query(
    `SELECT engine.fqdn, latest.scope, latest.is_passed, ${msOf('latest.done_at')} AS done_at,
       ${msOf('latest.received_at')} AS received_at
     FROM engine ${LAST_SUCCESSES}
     CROSS JOIN LATERAL (
       SELECT * FROM (
         (SELECT * FROM engine_backup_log log WHERE log.fqdn = engine.fqdn AND log.done_at <= statement_timestamp() ${NEWEST})
         UNION ALL
         (SELECT * FROM engine_backup_log log WHERE log.fqdn = engine.fqdn ${NEWEST})
       ) newest ORDER BY received_at DESC LIMIT 1
     ) latest
     WHERE (db.fqdn IS NULL OR files.fqdn IS NULL) AND ($1::text IS NULL OR engine.fqdn = $1)`,
    [fqdn ?? null],
  );
  return rows.map((row) => ({
    fqdn: row.fqdn,
    scope: row.scope,
    status: reportStatus(row.is_passed),
    doneAt: row.done_at,
    receivedAt: row.received_at,
  }));
}

interface Columns {
  fqdn: string;
  scope: string;
  is_passed: boolean | null;
  done_at: number;
  received_at: number;
}
