// A row says that a scope of a run may be open; whether it is, the log says. So a row too many does no harm, and one too few would be
// silence: the checker removes none while a start that it has not judged may have come (`starts` counts them), and nothing else has to
// keep in step. What has no run_id has an empty one here.
/** Of one engine; whoever reports more starts makes checks of others no slower, and has alerts enough. */
const OPEN_SCOPES_MAX = 1_000;

export const OPEN_RUN_SQL = [
  // Half-empty pages let an update stay on its page (HOT): hosts that name no runs count their starts here.
  `CREATE TABLE open_run (
    fqdn varchar(255) COLLATE "C" NOT NULL,
    run_id text COLLATE "C" NOT NULL,
    scope varchar(64) COLLATE "C" NOT NULL,
    starts bigint NOT NULL,
    PRIMARY KEY (fqdn, run_id, scope)
  ) WITH (fillfactor = 50)`,

  // Starts are taken in the order of their key, so that two batches never deadlock. Of an end nobody is waited for: a row that is passed
  // over, or whose start comes after its end, is removed by the checker. An end without a run_id ends what was started before it, by its
  // time, and is left to the checker altogether.
  //
  // Every plan goes from what has changed to rows by their key, whatever the statistics: they are made while the table is empty or full of
  // rows that have just gone, and a join that goes the other way round takes seconds.
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

// What the log tells of: when the table is made, and when ends that were counted count for nothing any more. A row that is there already
// is counted up, so that the checker does not remove it by what it has read before.
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
