import { LAST_SUCCESS_SQL } from '../initial-schema/last-success.js';

const SIGNATURE = 'FUNCTION engine_last_success_after_delete() RETURNS trigger';

// If the last success itself is not deleted, its row is only locked with KEY SHARE: others cannot recalculate it until this is committed,
// but ingest can set a later one. Deleted ones come first, so that two sessions that delete the same last success wait for each other.
export const SHARED_LAST_SUCCESS_SQL = [
  `CREATE OR REPLACE ${SIGNATURE}
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    PERFORM FROM public.engine_last_success last
    JOIN (SELECT fqdn, scope, max(counted_at) AS counted_at FROM removed WHERE is_passed GROUP BY fqdn, scope) gone
      USING (fqdn, scope)
    WHERE gone.counted_at >= last.counted_at
    ORDER BY last.fqdn, last.scope FOR UPDATE OF last;

    PERFORM FROM public.engine_last_success last
    WHERE (last.fqdn, last.scope) IN (SELECT fqdn, scope FROM removed WHERE is_passed)
    ORDER BY last.fqdn, last.scope FOR KEY SHARE;

    PERFORM public.engine_last_success_reckon(array_agg(last.fqdn::text), array_agg(last.scope::text))
    FROM public.engine_last_success last
    JOIN (SELECT fqdn, scope, max(counted_at) AS counted_at FROM removed WHERE is_passed GROUP BY fqdn, scope) gone
      USING (fqdn, scope)
    WHERE gone.counted_at >= last.counted_at
    HAVING count(*) > 0;
    RETURN NULL;
  END $$`,
];

export const RESTORE_LAST_SUCCESS_SQL = LAST_SUCCESS_SQL.filter((sql) =>
  sql.startsWith(`CREATE ${SIGNATURE}`),
).map((sql) => sql.replace('CREATE', 'CREATE OR REPLACE'));
