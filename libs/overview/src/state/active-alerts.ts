import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { joinDismissal } from '@backup-awareness/database/lists';

/** An active alert, dismissed or not. Instants are whole milliseconds since 1970. */
export interface ActiveAlertRow {
  readonly fqdn: string;
  readonly alertId: string;
  readonly alert: string;
  /** Of an alert about a run, if its reports have one. */
  readonly runId: string | null;
  /** Of an alert about a run: the scopes that have no end now; those without one when it was raised, if its reports were removed. */
  readonly scopes: readonly string[] | null;
  /** When it became true. */
  readonly sinceAt: number;
  /** When it was raised. */
  readonly decidedAt: number;
  readonly lastFullBackupAt: number | null;
  readonly alertPeriodDays: number;
  readonly sequence: number;
  readonly message: string;
  /** Null while it is not dismissed, also after the end of a dismissal. */
  readonly dismissedAt: number | null;
  readonly dismissedBy: string | null;
}

/** Whether an alert is about a run that does not end, which does not affect freshness. */
export function isAboutRun({ alert }: Pick<ActiveAlertRow, 'alert'>): boolean {
  return alert === 'ENGINE_BACKUP_STUCK';
}

// As BEGUN_BY_NAME of the checker, and by the same indexes. A run without a run_id has one scope.
const OPEN_SCOPES = `
SELECT array_agg(scope ORDER BY scope) FROM (
  SELECT DISTINCT started.scope::text AS scope FROM engine_backup_log started
  WHERE alert.run_id <> '' AND started.fqdn = alert.fqdn AND coalesce(started.run_id, '') COLLATE "C" = alert.run_id
    AND started.is_passed IS NULL AND NOT EXISTS (
      SELECT FROM engine_backup_log ended
      WHERE ended.fqdn = started.fqdn AND ended.run_id COLLATE "C" = alert.run_id AND ended.scope = started.scope
        AND ended.run_id IS NOT NULL AND ended.is_passed IS NOT NULL)
) open`;

/** Reads active alerts by engine; only those of `fqdn` if it is given. */
export async function readActiveAlerts(sql: SqlRunner, fqdn?: string): Promise<ActiveAlertRow[]> {
  return sql.query(
    `SELECT fqdn, alert_id AS "alertId", alert, run_id AS "runId", coalesce((${OPEN_SCOPES}), scopes) AS scopes, ${msOf('since')} AS "sinceAt",
       ${msOf('decided_at')} AS "decidedAt", ${msOf('last_full_backup_at')} AS "lastFullBackupAt",
       alert_period_days::float8 AS "alertPeriodDays", sequence::float8 AS sequence, message,
       ${msOf('dismissed_at')} AS "dismissedAt", dismissed_by AS "dismissedBy"
     FROM alert ${joinDismissal()}
     WHERE cleared_at IS NULL AND ($1::text IS NULL OR fqdn = $1)
     ORDER BY fqdn, sequence`,
    [fqdn ?? null],
  );
}
