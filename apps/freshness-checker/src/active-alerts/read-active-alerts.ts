import type { Alert } from '@backup-awareness/contracts';
import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { byEngine } from '@backup-awareness/overview/state';

/** An active alert as it was raised. Instants are whole milliseconds since 1970. */
export interface ActiveAlert {
  readonly alertId: string;
  readonly alert: Alert;
  readonly fqdn: string;
  readonly runId: string | null;
  readonly scopes: readonly string[] | null;
  readonly sinceAt: number;
  readonly decidedAt: number;
  readonly lastFullBackupAt: number | null;
  readonly alertPeriodDays: number;
  readonly sequence: number;
  readonly message: string;
  /** Null if it had none when it was raised. */
  readonly traceparent: string | null;
}

/** An engine that has ever had an alert. */
export interface EngineAlerts {
  readonly fqdn: string;
  /** Of its last event, whether that has been published yet or not. */
  readonly lastSequence: number;
  readonly alerts: readonly ActiveAlert[];
}

/** Reads all engines that have ever had an alert, by name, in one statement: alerts and sequence numbers belong together. */
export async function readActiveAlerts(sql: SqlRunner): Promise<EngineAlerts[]> {
  const rows: (ActiveAlert & { lastSequence: number; alertId: string | null })[] = await sql.query(
    `SELECT fqdn, last_sequence::float8 AS "lastSequence", alert_id AS "alertId", alert, run_id AS "runId", scopes,
       ${msOf('since')} AS "sinceAt", ${msOf('decided_at')} AS "decidedAt", ${msOf('last_full_backup_at')} AS "lastFullBackupAt",
       alert_period_days::float8 AS "alertPeriodDays", sequence::float8 AS sequence, message,
       traceparent
     FROM engine_alert_state LEFT JOIN (SELECT * FROM alert WHERE cleared_at IS NULL) active USING (fqdn)
     WHERE last_sequence > 0
     ORDER BY fqdn, sequence`,
  );
  return [...byEngine(rows)].map(([fqdn, ofEngine]) => ({
    fqdn,
    lastSequence: ofEngine[0]!.lastSequence,
    alerts: ofEngine.filter(({ alertId }) => alertId !== null),
  }));
}
