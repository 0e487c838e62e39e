import { REMOVING_FUNCTION, removalLock, STEP_ROWS } from './cutoff.js';

// A success goes only where a later one is known, so that of several at the same instant all stay, and all stay where
// the table of last successes lacks the row that it should have.
const MAY_GO = `(log.is_passed IS NOT TRUE OR EXISTS (SELECT FROM public.engine_last_success last
      WHERE last.fqdn = log.fqdn AND last.scope = log.scope AND last.counted_at > log.counted_at))`;

export const OLD_REPORTS_SQL = [
  // Which rows go is settled while their last successes are held in their place: a last success that somebody deletes by
  // hand at the same moment makes an older one the last, which then stays. Ingest may set a later one meanwhile. A ctid may
  // be another row's by then, so that all conditions are looked at again.
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
