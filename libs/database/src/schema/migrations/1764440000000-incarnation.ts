import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How far sequence numbers leap with each incarnation: more than one engine ever has events. */
const SEQUENCE_LEAP = 1_000_000;

/**
 * Which of all copies of this database is publishing, and how often it has published. `begin_incarnation` is called once it is found to be
 * an older copy. It runs as its owner, so that no service may change the numbers of events.
 *
 * Pending events get new numbers, too: some may have been decided since the restore, with numbers that other events had before it.
 */
const BEGIN_INCARNATION_SQL = `CREATE FUNCTION begin_incarnation(next_generation int, OUT previous int, OUT copied_at timestamptz,
    OUT base bigint)
  LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  DECLARE
    leap bigint;
  BEGIN
    -- The leader locks this row in each decision: no number is given while all are changed.
    PERFORM FROM public.checker_lease FOR UPDATE;
    SELECT generation, advanced_at INTO previous, copied_at FROM public.incarnation FOR UPDATE;
    base := next_generation::bigint * ${SEQUENCE_LEAP};
    IF previous >= next_generation THEN
      previous := NULL;
      RETURN;
    END IF;
    leap := (next_generation - previous)::bigint * ${SEQUENCE_LEAP};

    UPDATE public.incarnation SET generation = next_generation, sequence_base = base, restored_at = clock_timestamp(),
      copied_at = advanced_at;
    UPDATE public.engine_alert_state SET last_sequence = last_sequence + leap;
    INSERT INTO public.engine_alert_state (fqdn, last_sequence, decided_version)
      SELECT fqdn, base, version FROM public.engine ON CONFLICT DO NOTHING;
    UPDATE public.alert SET sequence = sequence + leap WHERE alert_id IN
      (SELECT (data->>'alert_id')::uuid FROM public.outbox WHERE name = 'BackupAlertRaised');
    UPDATE public.alert SET cleared_sequence = cleared_sequence + leap WHERE alert_id IN
      (SELECT (data->>'alert_id')::uuid FROM public.outbox WHERE name = 'BackupAlertCleared');
    UPDATE public.outbox SET data = jsonb_set(data, '{sequence}', to_jsonb((data->>'sequence')::bigint + leap))
      WHERE name IN ('BackupAlertRaised', 'BackupAlertCleared');
    -- All engines are decided at once.
    UPDATE public.checker_state SET latest_now_at = greatest(latest_now_at, last_check_at), last_check_at = NULL,
      next_check_at = NULL;
  END $$`;

export class Incarnation1764440000000 implements MigrationInterface {
  readonly name = 'Incarnation1764440000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      `CREATE TABLE incarnation (
         id smallint PRIMARY KEY CONSTRAINT incarnation_one_row CHECK (id = 1),
         generation int NOT NULL DEFAULT 0,
         position bigint NOT NULL DEFAULT 0,
         advanced_at timestamptz,
         sequence_base bigint NOT NULL DEFAULT 0,
         restored_at timestamptz,
         copied_at timestamptz
       )`,
      'INSERT INTO incarnation (id) VALUES (1)',
      BEGIN_INCARNATION_SQL,
      'REVOKE ALL ON FUNCTION begin_incarnation(int) FROM PUBLIC',
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of ['DROP FUNCTION begin_incarnation(int)', 'DROP TABLE incarnation'])
      await queryRunner.query(sql);
  }
}
