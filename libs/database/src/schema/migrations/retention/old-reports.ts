import { REMOVING_FUNCTION, removalLock, STEP_ROWS } from './cutoff.js';

// Removes a success only if a later one is known. So several at the same time all stay, and all stay if their row in the table of last
// successes is missing.
const MAY_GO = `(log.is_passed IS NOT TRUE OR EXISTS (SELECT FROM public.engine_last_success last
      WHERE last.fqdn = log.fqdn AND last.scope = log.scope AND last.counted_at > log.counted_at))`;

export const OLD_REPORTS_SQL = [
  // Chooses the rows while their last successes are locked: if somebody deletes a last success by hand at the same time, an older one
  // becomes the last and stays. Ingest can still set a later one. A ctid may belong to another row by then, so all conditions are
  // checked again.
  `CREATE FUNCTION remove_old_reports(from_at timestamptz, rows_max int, OUT removed int, OUT next_at timestamptz)
    ${REMOVING_FUNCTION} AS $$
  DECLARE
    cutoff timestamptz := public.retention_cutoff('BackupLogRetentionInDays');
    old record;
  BEGIN
    removed := 0;
    IF NOT ${removalLock(1)} THEN
      RETURN;
    END IF;

    SELECT array_agg(place) AS places, max(received_at) AS reached,
      array_agg(fqdn) FILTER (WHERE is_passed) AS fqdns, array_agg(scope) FILTER (WHERE is_passed) AS scopes
    INTO old
    FROM (
      SELECT log.ctid AS place, log.* FROM public.engine_backup_log log
      WHERE log.received_at >= from_at AND log.received_at < cutoff AND ${MAY_GO}
      ORDER BY log.received_at LIMIT ${STEP_ROWS}
    ) step;

    PERFORM FROM public.engine_last_success last
    WHERE (last.fqdn, last.scope) IN (SELECT * FROM unnest(old.fqdns, old.scopes))
    ORDER BY last.fqdn, last.scope FOR KEY SHARE;

    DELETE FROM public.engine_backup_log log
    WHERE log.ctid = ANY (old.places) AND log.received_at < cutoff AND ${MAY_GO};
    GET DIAGNOSTICS removed = ROW_COUNT;

    IF cardinality(old.places) = ${STEP_ROWS} THEN
      next_at := old.reached;
    END IF;
  END $$`,
  'REVOKE ALL ON FUNCTION remove_old_reports(timestamptz, int) FROM PUBLIC',
];

export const DROP_OLD_REPORTS_SQL = ['DROP FUNCTION remove_old_reports(timestamptz, int)'];
