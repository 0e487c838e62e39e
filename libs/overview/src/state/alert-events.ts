import type { SqlRunner } from '@backup-awareness/database/connection';

/** An alert's event, as it was published and the audit log has kept it. */
export interface AlertEventRow {
  readonly alertId: string;
  readonly name: 'BackupAlertRaised' | 'BackupAlertCleared';
  readonly id: string;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The events of these alerts that are recorded by now. */
export async function readAlertEvents(
  sql: SqlRunner,
  alertIds: readonly string[],
): Promise<AlertEventRow[]> {
  return sql.query(
    `SELECT alert_id AS "alertId", event_name AS name, event_id AS id, origin AS source, custom_data AS data
     FROM audit_log WHERE alert_id = ANY ($1::uuid[]) AND event_name IN ('BackupAlertRaised', 'BackupAlertCleared')`,
    [alertIds],
  );
}
