import type { MigrationInterface, QueryRunner } from 'typeorm';

const LAST_SUCCESS_FUNCTION = `CREATE OR REPLACE FUNCTION engine_last_success_after_insert() RETURNS trigger
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp`;

// Hot: once for each batch of reports. Rows are taken in the order of their key, so that two batches never deadlock.
const KEEP_LAST_SUCCESSES = `
    INSERT INTO public.engine_last_success AS last (fqdn, scope, counted_at)
    SELECT fqdn, scope, max(counted_at) FROM added WHERE is_passed
    GROUP BY fqdn, scope ORDER BY fqdn, scope
    ON CONFLICT (fqdn, scope) DO UPDATE SET counted_at = excluded.counted_at
    WHERE last.counted_at < excluded.counted_at;`;

// Nothing that is true depends on the hint, and no report may ever fail for it: the queue of notifications is shared by the whole
// server, and once a listener that hangs has let it fill up, every NOTIFY fails at its commit.
const HINT = `
    IF FOUND AND EXISTS (SELECT FROM public.alert WHERE cleared_at IS NULL) AND pg_notification_queue_usage() < 0.5 THEN
      PERFORM pg_notify('backup_awareness_success', '');
    END IF;`;

/** While an alert is active, a listener learns at once that a backup may have come that clears it. */
export class HintOfASuccess1764365000000 implements MigrationInterface {
  readonly name = 'HintOfASuccess1764365000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `${LAST_SUCCESS_FUNCTION} AS $$ BEGIN ${KEEP_LAST_SUCCESSES} ${HINT} RETURN NULL; END $$`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `${LAST_SUCCESS_FUNCTION} AS $$ BEGIN ${KEEP_LAST_SUCCESSES} RETURN NULL; END $$`,
    );
  }
}
