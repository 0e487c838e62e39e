// The audit log's rules apply to everybody including the owner (ENABLE ALWAYS: whatever the session_replication_role).
// SQLSTATE 23001, restrict_violation.
const RULE_FUNCTION = `LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp`;

export const AUDIT_RULES_SQL = [
  `CREATE FUNCTION audit_log_refuse_update() RETURNS trigger ${RULE_FUNCTION} AS $$
  BEGIN
    RAISE EXCEPTION 'audit_log: rows are never altered' USING ERRCODE = 'restrict_violation',
      HINT = 'What happened later is a row of its own.';
  END $$`,

  `CREATE FUNCTION audit_log_refuse_delete() RETURNS trigger ${RULE_FUNCTION} AS $$
  DECLARE
    kept uuid;
  BEGIN
    SELECT raised.alert_id INTO kept FROM removed raised
    WHERE raised.event_name = 'BackupAlertRaised'
      AND NOT EXISTS (SELECT FROM removed cleared
        WHERE cleared.alert_id = raised.alert_id AND cleared.event_name = 'BackupAlertCleared')
      AND NOT EXISTS (SELECT FROM public.audit_log cleared
        WHERE cleared.alert_id = raised.alert_id AND cleared.event_name = 'BackupAlertCleared')
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'audit_log: alert % is active, its row cannot be deleted', kept
        USING ERRCODE = 'restrict_violation', HINT = 'It can be once the alert is cleared.';
    END IF;

    SELECT cleared.alert_id INTO kept FROM removed cleared
    WHERE cleared.event_name = 'BackupAlertCleared'
      AND NOT EXISTS (SELECT FROM removed raised
        WHERE raised.alert_id = cleared.alert_id AND raised.event_name = 'BackupAlertRaised')
    LIMIT 1;
    IF FOUND THEN
      RAISE EXCEPTION 'audit_log: the row that cleared alert % cannot be deleted without the row that raised it', kept
        USING ERRCODE = 'restrict_violation', HINT = 'Delete both in one statement.';
    END IF;
    RETURN NULL;
  END $$`,

  // TRUNCATE also removes rows that this snapshot does not see: under a stricter isolation a newer active alert would be missed.
  `CREATE FUNCTION audit_log_refuse_truncate() RETURNS trigger ${RULE_FUNCTION} AS $$
  DECLARE
    active bigint;
  BEGIN
    IF current_setting('transaction_isolation') NOT IN ('read committed', 'read uncommitted') THEN
      RAISE EXCEPTION 'audit_log: TRUNCATE needs the isolation level READ COMMITTED'
        USING ERRCODE = 'restrict_violation';
    END IF;
    SELECT count(*) INTO active FROM public.audit_log raised
    WHERE raised.event_name = 'BackupAlertRaised' AND NOT EXISTS (
      SELECT FROM public.audit_log cleared
      WHERE cleared.alert_id = raised.alert_id AND cleared.event_name = 'BackupAlertCleared');
    IF active > 0 THEN
      RAISE EXCEPTION 'audit_log: % active alert(s), the table cannot be truncated', active
        USING ERRCODE = 'restrict_violation', HINT = 'It can be once every alert is cleared.';
    END IF;
    RETURN NULL;
  END $$`,

  `CREATE TRIGGER no_update BEFORE UPDATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse_update()`,
  `CREATE TRIGGER no_delete_of_active AFTER DELETE ON audit_log REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse_delete()`,
  `CREATE TRIGGER no_truncate_of_active BEFORE TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION audit_log_refuse_truncate()`,
  ...['no_update', 'no_delete_of_active', 'no_truncate_of_active'].map(
    (trigger) => `ALTER TABLE audit_log ENABLE ALWAYS TRIGGER ${trigger}`,
  ),
];

export const DROP_AUDIT_RULES_SQL = ['update', 'delete', 'truncate'].map(
  (event) => `DROP FUNCTION audit_log_refuse_${event}()`,
);
