import { removalStepLock } from '../narrow-rights/removal-steps.js';
import { REMOVING_FUNCTION, STEP_ROWS } from './cutoff.js';

export const OLD_ALERTS_SQL = [
  `INSERT INTO removal_step (table_name) VALUES ('alert')`,
  'CREATE INDEX alert_by_clearing ON alert (cleared_at) WHERE cleared_at IS NOT NULL',
  'CREATE INDEX alert_dismissal_by_time ON alert_dismissal (dismissed_at)',

  // An engine's sequence is stored in engine_alert_state and needs none of these rows. A dismissal is removed with its alert; one made at
  // the moment its alert was removed has none, and is removed once it is old itself.
  `CREATE FUNCTION remove_old_alerts(from_at timestamptz, rows_max int, OUT removed int, OUT next_at timestamptz)
    ${REMOVING_FUNCTION} AS $$
  DECLARE
    cutoff timestamptz := public.retention_cutoff('AuditLogRetentionInDays');
    old record;
  BEGIN
    removed := 0;
    IF NOT ${removalStepLock('alert')} THEN
      RETURN;
    END IF;

    SELECT array_agg(alert_id) AS ids, max(cleared_at) AS reached INTO old
    FROM (SELECT alert_id, cleared_at FROM public.alert
      WHERE cleared_at >= from_at AND cleared_at < cutoff ORDER BY cleared_at LIMIT ${STEP_ROWS}) step;

    DELETE FROM public.alert WHERE alert_id = ANY (old.ids) AND cleared_at < cutoff;
    GET DIAGNOSTICS removed = ROW_COUNT;

    DELETE FROM public.alert_dismissal WHERE alert_id IN (
      SELECT alert_id FROM public.alert_dismissal WHERE alert_id = ANY (old.ids)
      UNION ALL
      (SELECT alert_id FROM public.alert_dismissal dismissal
       WHERE dismissed_at < cutoff AND NOT EXISTS (SELECT FROM public.alert WHERE alert.alert_id = dismissal.alert_id)
       ORDER BY dismissed_at LIMIT ${STEP_ROWS}));

    IF cardinality(old.ids) = ${STEP_ROWS} THEN
      next_at := old.reached;
    END IF;
  END $$`,
  'REVOKE ALL ON FUNCTION remove_old_alerts(timestamptz, int) FROM PUBLIC',
];

export const DROP_OLD_ALERTS_SQL = [
  'DROP FUNCTION remove_old_alerts(timestamptz, int)',
  'DROP INDEX alert_dismissal_by_time',
  'DROP INDEX alert_by_clearing',
  `DELETE FROM removal_step WHERE table_name = 'alert'`,
];
