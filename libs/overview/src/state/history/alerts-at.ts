import { msOf, type SqlRunner } from '@backup-awareness/database/connection';

/** An alert that was active at an instant. Instants are whole milliseconds since 1970. */
export interface AlertAt {
  readonly alertId: string;
  readonly alert: string;
  readonly sinceAt: number;
  readonly decidedAt: number;
}

/** The alerts of an engine that were active at an instant, by their sequence. */
export async function readAlertsAt(sql: SqlRunner, fqdn: string, at: number): Promise<AlertAt[]> {
  return sql.query(
    `SELECT alert_id AS "alertId", alert, ${msOf('since')} AS "sinceAt", ${msOf('decided_at')} AS "decidedAt"
     FROM alert
     WHERE fqdn = $1 AND ${msOf('decided_at')} <= $2 AND (cleared_at IS NULL OR ${msOf('cleared_at')} > $2)
     ORDER BY sequence`,
    [fqdn, at],
  );
}
