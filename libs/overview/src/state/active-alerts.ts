import { msOf, type SqlRunner } from '@backup-awareness/database/connection';

/** An active alert, dismissed or not. Instants are whole milliseconds since 1970. */
export interface ActiveAlertRow {
  readonly fqdn: string;
  readonly alertId: string;
  readonly alert: string;
  /** When it became true. */
  readonly sinceAt: number;
  /** When it was raised. */
  readonly decidedAt: number;
  readonly lastFullBackupAt: number | null;
  readonly alertPeriodDays: number;
  readonly sequence: number;
  readonly message: string;
  readonly dismissedAt: number | null;
  readonly dismissedBy: string | null;
}

/** Reads active alerts by engine; only those of `fqdn` if it is given. */
export async function readActiveAlerts(sql: SqlRunner, fqdn?: string): Promise<ActiveAlertRow[]> {
  return sql.query(
    `SELECT fqdn, alert_id AS "alertId", alert, ${msOf('since')} AS "sinceAt",
       ${msOf('decided_at')} AS "decidedAt", ${msOf('last_full_backup_at')} AS "lastFullBackupAt",
       alert_period_days::float8 AS "alertPeriodDays", sequence::float8 AS sequence, message,
       ${msOf('dismissed_at')} AS "dismissedAt", dismissed_by AS "dismissedBy"
     FROM alert LEFT JOIN alert_dismissal USING (alert_id)
     WHERE cleared_at IS NULL AND ($1::text IS NULL OR fqdn = $1)
     ORDER BY fqdn, sequence`,
    [fqdn ?? null],
  );
}
