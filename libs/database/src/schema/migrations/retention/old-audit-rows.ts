import { REMOVING_FUNCTION, removalLock, STEP_ROWS } from './cutoff.js';

export const OLD_AUDIT_ROWS_SQL = [
  // Reads the log by its key, which is the order of recording, and needs no further index, which inserts would pay for.
  //
  // Removes all events of an alert in one statement, once the alert is cleared and its last event is old. A Cleared whose Raised has not
  // arrived waits for it.
  `CREATE FUNCTION remove_old_audit_rows(after_id bigint, rows_max int, OUT removed int, OUT next_id bigint)
    ${REMOVING_FUNCTION} AS $$
  DECLARE
    cutoff timestamptz := public.retention_cutoff('AuditLogRetentionInDays');
    step record;
    of_alerts bigint[];
  BEGIN
    removed := 0;
    IF NOT ${removalLock(2)} THEN
      RETURN;
    END IF;

    SELECT count(*) AS rows, max(audit_log_id) AS reached, bool_or(recorded_at < cutoff) AS has_old,
      array_agg(audit_log_id) FILTER (WHERE recorded_at < cutoff AND alert_id IS NULL) AS ids,
      array_agg(DISTINCT alert_id) FILTER (WHERE recorded_at < cutoff AND alert_id IS NOT NULL) AS alerts
    INTO step
    FROM (SELECT audit_log_id, recorded_at, alert_id FROM public.audit_log
      WHERE audit_log_id > after_id ORDER BY audit_log_id LIMIT ${STEP_ROWS}) looked_at;

    SELECT array_agg(log.audit_log_id) INTO of_alerts
    FROM public.audit_log log
    WHERE log.alert_id IN (
      SELECT alert_id FROM public.audit_log WHERE alert_id = ANY (step.alerts)
      GROUP BY alert_id
      HAVING bool_and(recorded_at < cutoff)
        AND bool_or(event_name = 'BackupAlertRaised') = bool_or(event_name = 'BackupAlertCleared'));

    DELETE FROM public.audit_log WHERE audit_log_id = ANY (step.ids || of_alerts);
    GET DIAGNOSTICS removed = ROW_COUNT;

    IF step.rows = ${STEP_ROWS} AND step.has_old THEN
      next_id := step.reached;
    END IF;
  END $$`,
  'REVOKE ALL ON FUNCTION remove_old_audit_rows(bigint, int) FROM PUBLIC',
];

export const DROP_OLD_AUDIT_ROWS_SQL = ['DROP FUNCTION remove_old_audit_rows(bigint, int)'];
