import type { MigrationInterface, QueryRunner } from 'typeorm';

// Nothing that is true depends on the hint, and no report may ever fail for it: the queue of notifications is shared by the whole
// server, and once a listener that hangs has let it fill up, every NOTIFY fails at its commit.
const HINT_SQL = [
  `CREATE FUNCTION engine_last_success_hint() RETURNS trigger
   LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  BEGIN
    IF EXISTS (SELECT FROM public.alert WHERE cleared_at IS NULL) AND pg_notification_queue_usage() < 0.5 THEN
      PERFORM pg_notify('backup_awareness_success', '');
    END IF;
    RETURN NULL;
  END $$`,
  `CREATE TRIGGER hint_after_success AFTER INSERT OR UPDATE ON engine_last_success
    FOR EACH STATEMENT EXECUTE FUNCTION engine_last_success_hint()`,
  'ALTER TABLE engine_last_success ENABLE ALWAYS TRIGGER hint_after_success',
];

/** While an alert is active, a listener learns at once that a backup may have come that clears it. */
export class HintOfASuccess1764365000000 implements MigrationInterface {
  readonly name = 'HintOfASuccess1764365000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of HINT_SQL) await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP FUNCTION engine_last_success_hint() CASCADE');
  }
}
