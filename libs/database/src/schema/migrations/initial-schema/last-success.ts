// engine_last_success is a function of engine_backup_log, whether a service, an import or the owner writes the log. SECURITY DEFINER, so
// that inserting a report needs no privilege on the derived table.
const LAST_SUCCESS_FUNCTION = `LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;

export const LAST_SUCCESS_SQL = [
  // Hot: once per batch of reports. Rows are locked in key order, so that two batches never deadlock.
  `CREATE FUNCTION engine_last_success_after_insert() RETURNS trigger ${LAST_SUCCESS_FUNCTION} AS $$
  BEGIN
    INSERT INTO public.engine_last_success AS last (fqdn, scope, counted_at)
    SELECT fqdn, scope, max(counted_at) FROM added WHERE is_passed
    GROUP BY fqdn, scope ORDER BY fqdn, scope
    ON CONFLICT (fqdn, scope) DO UPDATE SET counted_at = excluded.counted_at
    WHERE last.counted_at < excluded.counted_at;
    RETURN NULL;
  END $$`,

  // Creates or locks the row first, and calculates it in a later statement, whose snapshot is newer than the lock: it sees a success
  // committed in between, and one not committed yet comes after us and finds our row.
  `CREATE FUNCTION engine_last_success_reckon(fqdns text[], scopes text[]) RETURNS void ${LAST_SUCCESS_FUNCTION} AS $$
  BEGIN
    INSERT INTO public.engine_last_success (fqdn, scope, counted_at)
    SELECT DISTINCT fqdn COLLATE "C", scope COLLATE "C", timestamptz '-infinity'
    FROM unnest(fqdns, scopes) AS k(fqdn, scope) ORDER BY 1, 2
    ON CONFLICT (fqdn, scope) DO NOTHING;

    PERFORM FROM public.engine_last_success last
    JOIN (SELECT DISTINCT * FROM unnest(fqdns, scopes) AS k(fqdn, scope)) k USING (fqdn, scope)
    ORDER BY last.fqdn, last.scope FOR UPDATE OF last;

    UPDATE public.engine_last_success last SET counted_at = reckoned.counted_at
    FROM (
      SELECT log.fqdn, log.scope, max(log.counted_at) AS counted_at
      FROM public.engine_backup_log log
      WHERE log.is_passed AND (log.fqdn, log.scope) IN (SELECT * FROM unnest(fqdns, scopes))
      GROUP BY log.fqdn, log.scope
    ) reckoned
    WHERE last.fqdn = reckoned.fqdn AND last.scope = reckoned.scope;

    DELETE FROM public.engine_last_success last
    USING (SELECT DISTINCT * FROM unnest(fqdns, scopes) AS k(fqdn, scope)) k
    WHERE last.fqdn = k.fqdn AND last.scope = k.scope AND NOT EXISTS (
      SELECT FROM public.engine_backup_log log
      WHERE log.fqdn = last.fqdn AND log.scope = last.scope AND log.is_passed);
  END $$`,

  `REVOKE ALL ON FUNCTION engine_last_success_reckon(text[], text[]) FROM PUBLIC`,

  `CREATE FUNCTION engine_last_success_after_update() RETURNS trigger ${LAST_SUCCESS_FUNCTION} AS $$
  BEGIN
    PERFORM public.engine_last_success_reckon(array_agg(fqdn::text), array_agg(scope::text))
    FROM (SELECT fqdn, scope FROM before_update WHERE is_passed
          UNION SELECT fqdn, scope FROM after_update WHERE is_passed) touched
    HAVING count(*) > 0;
    RETURN NULL;
  END $$`,

  // Old rows are removed in small steps, so the log is read again only if the last success itself is deleted. Only the lock shows which
  // one that is: otherwise two sessions that delete the last and the second last would each rely on the other's row.
  `CREATE FUNCTION engine_last_success_after_delete() RETURNS trigger ${LAST_SUCCESS_FUNCTION} AS $$
  BEGIN
    PERFORM FROM public.engine_last_success last
    WHERE (last.fqdn, last.scope) IN (SELECT fqdn, scope FROM removed WHERE is_passed)
    ORDER BY last.fqdn, last.scope FOR UPDATE;

    PERFORM public.engine_last_success_reckon(array_agg(last.fqdn::text), array_agg(last.scope::text))
    FROM public.engine_last_success last
    JOIN (SELECT fqdn, scope, max(counted_at) AS counted_at FROM removed WHERE is_passed GROUP BY fqdn, scope) gone
      USING (fqdn, scope)
    WHERE gone.counted_at >= last.counted_at
    HAVING count(*) > 0;
    RETURN NULL;
  END $$`,

  `CREATE FUNCTION engine_last_success_after_truncate() RETURNS trigger ${LAST_SUCCESS_FUNCTION} AS $$
  BEGIN
    DELETE FROM public.engine_last_success;
    RETURN NULL;
  END $$`,

  `CREATE TRIGGER last_success_after_insert AFTER INSERT ON engine_backup_log
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION engine_last_success_after_insert()`,
  `CREATE TRIGGER last_success_after_update AFTER UPDATE ON engine_backup_log
    REFERENCING OLD TABLE AS before_update NEW TABLE AS after_update
    FOR EACH STATEMENT EXECUTE FUNCTION engine_last_success_after_update()`,
  `CREATE TRIGGER last_success_after_delete AFTER DELETE ON engine_backup_log
    REFERENCING OLD TABLE AS removed
    FOR EACH STATEMENT EXECUTE FUNCTION engine_last_success_after_delete()`,
  `CREATE TRIGGER last_success_after_truncate AFTER TRUNCATE ON engine_backup_log
    FOR EACH STATEMENT EXECUTE FUNCTION engine_last_success_after_truncate()`,
  ...['insert', 'update', 'delete', 'truncate'].map(
    (event) => `ALTER TABLE engine_backup_log ENABLE ALWAYS TRIGGER last_success_after_${event}`,
  ),
];

export const DROP_LAST_SUCCESS_SQL = [
  'engine_last_success_after_insert()',
  'engine_last_success_after_update()',
  'engine_last_success_after_delete()',
  'engine_last_success_after_truncate()',
  'engine_last_success_reckon(text[], text[])',
].map((signature) => `DROP FUNCTION ${signature}`);
