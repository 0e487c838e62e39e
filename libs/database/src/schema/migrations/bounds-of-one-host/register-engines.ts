// Runs as its owner, since no service may lock the row of the limit or insert an engine beyond it. That row is the lock: of two replicas
// with new engines, the second counts those of the first (each statement of the function has its own snapshot), and a change of the limit
// waits or is seen. An unreadable limit is not a report's fault: P0001 is not an error of data.
export const REGISTER_ENGINES_SQL = [
  `CREATE FUNCTION register_engines(names text[]) RETURNS void
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    bound text;
    free bigint;
  BEGIN
    SELECT option_value INTO bound FROM public.vdc_options
    WHERE option_name = 'EngineRegistrationMax' AND version = 'general' FOR NO KEY UPDATE;
    IF bound IS NULL OR bound !~ '^[0-9]{1,9}$' THEN
      RAISE EXCEPTION 'the setting EngineRegistrationMax cannot be read';
    END IF;

    SELECT greatest(0, bound::bigint - count(*)) INTO free FROM public.engine
    WHERE registered_by = 'report' AND retired_at IS NULL;

    INSERT INTO public.engine (fqdn)
    SELECT DISTINCT name COLLATE "C" FROM unnest(names) AS seen (name)
    WHERE NOT EXISTS (SELECT FROM public.engine known WHERE known.fqdn = name)
    ORDER BY name COLLATE "C" LIMIT free
    ON CONFLICT (fqdn) DO NOTHING;
  END $$`,
  'REVOKE ALL ON FUNCTION register_engines(text[]) FROM PUBLIC',
];

export const DROP_REGISTER_ENGINES_SQL = ['DROP FUNCTION register_engines(text[])'];
