// A row means that a scope of a run may be open; the log shows whether it is. So an extra row does no harm, but a missing one would hide a
// stuck run: the checker removes no row to which a start was added that it has not judged (`starts` counts them), and nothing else has to
// be kept in step. A run without a run_id has an empty one here.

/** Rows of one engine at most, so that an engine with very many starts does not slow down the checks of others. */
const OPEN_SCOPES_MAX = 1_000;

export const OPEN_RUN_SQL = [
  // Half-empty pages let an update stay on its page (HOT): starts without a run_id are counted here.
  `CREATE TABLE open_run (
    fqdn varchar(255) COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    scope varchar(64) COLLATE "C" NOT NULL,
    starts bigint NOT NULL,
    PRIMARY KEY (fqdn, run_id, scope)
  ) WITH (fillfactor = 50)`,

  // Starts are written in the order of their key, so that two batches never deadlock. Ends wait for no lock: the checker removes rows that
  // were skipped, or whose start arrives after the end. Ends without a run_id end earlier starts by time; they are left to the checker.
  //
  // Every plan must go from the changed reports to rows by their key, whatever the statistics say: these may date from a time when the table
  // was empty or full of rows since deleted, and a join in the other direction takes seconds.
  `CREATE FUNCTION open_run_after_change() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
    SET enable_seqscan = off AS $$
  DECLARE
    full_engines text[] := ARRAY(
      SELECT fqdn FROM (SELECT DISTINCT fqdn FROM changed WHERE is_passed IS NULL) started
      WHERE (SELECT count(*) FROM (SELECT FROM public.open_run known WHERE known.fqdn = started.fqdn LIMIT ${OPEN_SCOPES_MAX}) first)
        = ${OPEN_SCOPES_MAX});
    ended_rows tid[];
  BEGIN
    INSERT INTO public.open_run AS run (fqdn, run_id, scope, starts)
    SELECT fqdn, coalesce(run_id, '') COLLATE "C", scope, count(*) FROM changed started
    WHERE is_passed IS NULL AND (fqdn <> ALL (full_engines) OR EXISTS (
      SELECT FROM public.open_run known
      WHERE known.fqdn = started.fqdn AND known.run_id = coalesce(started.run_id, '') COLLATE "C" AND known.scope = started.scope))
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (fqdn, run_id, scope) DO UPDATE SET starts = run.starts + excluded.starts;

    ended_rows := ARRAY(
      SELECT run.place FROM changed ended CROSS JOIN LATERAL (
        SELECT known.ctid AS place FROM public.open_run known
        WHERE known.fqdn = ended.fqdn AND known.run_id = ended.run_id COLLATE "C" AND known.scope = ended.scope
        LIMIT 1 FOR UPDATE SKIP LOCKED
      ) run WHERE ended.is_passed IS NOT NULL AND ended.run_id <> '');
    IF cardinality(ended_rows) > 0 THEN
      DELETE FROM public.open_run WHERE ctid = ANY (ended_rows);
    END IF;
    RETURN NULL;
  END $$`,

  `CREATE TRIGGER open_run_after_insert AFTER INSERT ON engine_backup_log
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION open_run_after_change()`,
  `CREATE TRIGGER open_run_after_update AFTER UPDATE ON engine_backup_log
    REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION open_run_after_change()`,
  ...['insert', 'update'].map(
    (event) => `ALTER TABLE engine_backup_log ENABLE ALWAYS TRIGGER open_run_after_${event}`,
  ),
];

// Fills the table from the log: when it is created, and when ends no longer count. The count of an existing row is increased, so that the
// checker does not remove the row based on what it has read before.
export const REFILL_SQL = [
  `CREATE FUNCTION open_run_refill() RETURNS void
    LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    INSERT INTO public.open_run AS run (fqdn, run_id, scope, starts)
    SELECT started.fqdn, started.run_id COLLATE "C", started.scope, count(*) FROM public.engine_backup_log started
    WHERE started.is_passed IS NULL AND started.run_id <> '' AND NOT EXISTS (
      SELECT FROM public.engine_backup_log ended
      WHERE ended.fqdn = started.fqdn AND ended.run_id = started.run_id AND ended.scope = started.scope
        AND ended.is_passed IS NOT NULL)
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
    ON CONFLICT (fqdn, run_id, scope) DO UPDATE SET starts = run.starts + excluded.starts;

    INSERT INTO public.open_run AS run (fqdn, run_id, scope, starts)
    SELECT started.fqdn, '', started.scope, count(*) FROM public.engine_backup_log started
    LEFT JOIN public.engine_last_success last ON last.fqdn = started.fqdn AND last.scope = started.scope
    WHERE started.is_passed IS NULL AND coalesce(started.run_id, '') = ''
      AND (last.counted_at IS NULL OR started.counted_at > last.counted_at)
    GROUP BY 1, 3 ORDER BY 1, 3
    ON CONFLICT (fqdn, run_id, scope) DO UPDATE SET starts = run.starts + excluded.starts;
  END $$`,
  'REVOKE ALL ON FUNCTION open_run_refill() FROM PUBLIC',
];

export const DROP_OPEN_RUN_SQL = [
  'DROP TRIGGER open_run_after_update ON engine_backup_log',
  'DROP TRIGGER open_run_after_insert ON engine_backup_log',
  'DROP FUNCTION open_run_after_change()',
  'DROP FUNCTION open_run_refill()',
  'DROP TABLE open_run',
];
