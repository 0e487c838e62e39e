/**
 * Rows older than this may be removed. Each step validates the setting as `config` does, and uses the database's clock. An invalid setting
 * is an error: nothing is removed by a guess.
 */
export const CUTOFF_SQL = [
  `CREATE FUNCTION retention_cutoff(setting text) RETURNS timestamptz
    LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    days text := (SELECT option_value FROM public.vdc_options WHERE option_name = setting AND version = 'general');
  BEGIN
    IF days = '-1' THEN
      RETURN '-infinity';
    END IF;
    IF (CASE WHEN days ~ '^[0-9]{1,10}([.][0-9]{1,12})?$' THEN days::numeric BETWEEN 1 AND 36500 END) THEN
      RETURN statement_timestamp() - days::float8 * interval '24 hours';
    END IF;
    RAISE EXCEPTION '%: expected a plain decimal number of days, at least 1, at most 36500, or -1 to keep all, got %',
      setting, coalesce(quote_literal(left(days, 100)), 'no row')
      USING ERRCODE = 'invalid_parameter_value', HINT = 'Nothing is removed until it can be read.';
  END $$`,
  'REVOKE ALL ON FUNCTION retention_cutoff(text) FROM PUBLIC',
];

export const DROP_CUTOFF_SQL = ['DROP FUNCTION retention_cutoff(text)'];

/** Runs as its owner, so that no service needs DELETE. */
export const REMOVING_FUNCTION = `LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;

/** One step at a time among all replicas; the second number stands for the table. */
export const removalLock = (table: 1 | 2) =>
  `pg_try_advisory_xact_lock(${0x6f56}, ${0x7200 + table})`;

/** No caller can run a step that holds others up. */
export const STEP_ROWS = 'greatest(1, least(rows_max, 10000))';
