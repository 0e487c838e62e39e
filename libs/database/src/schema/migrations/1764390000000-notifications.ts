import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was told to whom, so that nothing is told twice as new; and the spells in which nothing is known. */
export class Notifications1764390000000 implements MigrationInterface {
  readonly name = 'Notifications1764390000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      `CREATE TABLE notification (
         destination varchar(64) COLLATE "C" NOT NULL,
         subject_id uuid NOT NULL,
         change varchar(16) NOT NULL,
         stream varchar(255) COLLATE "C" NOT NULL,
         position bigint NOT NULL,
         noted_at timestamptz NOT NULL,
         due_at timestamptz NOT NULL,
         tries int NOT NULL DEFAULT 0,
         batch uuid,
         claimed_until timestamptz,
         settled_at timestamptz,
         outcome varchar(16),
         last_error text,
         CONSTRAINT notification_pkey PRIMARY KEY (destination, subject_id, change),
         CONSTRAINT notification_change CHECK (change IN ('raised', 'cleared')),
         CONSTRAINT notification_outcome CHECK (outcome IN ('told', 'not_told', 'given_up')),
         CONSTRAINT notification_settled_has_outcome CHECK ((settled_at IS NULL) = (outcome IS NULL))
       )`,
      `CREATE INDEX notification_pending ON notification (destination, stream, position) WHERE settled_at IS NULL`,
      `CREATE INDEX notification_by_settling ON notification (settled_at) WHERE settled_at IS NOT NULL`,
      `CREATE TABLE unknown_spell (
         unknown_id uuid NOT NULL,
         began_at timestamptz NOT NULL,
         seen_at timestamptz NOT NULL,
         ended_at timestamptz,
         reason text NOT NULL,
         CONSTRAINT unknown_spell_pkey PRIMARY KEY (unknown_id)
       )`,
      `CREATE UNIQUE INDEX unknown_spell_one_open ON unknown_spell (ended_at) NULLS NOT DISTINCT WHERE ended_at IS NULL`,
      `CREATE TABLE notification_destination (
         destination varchar(64) COLLATE "C" NOT NULL,
         seen_at timestamptz NOT NULL,
         noted_from timestamptz,
         noted_until timestamptz,
         last_success_at timestamptz,
         failing_since timestamptz,
         last_error text,
         CONSTRAINT notification_destination_pkey PRIMARY KEY (destination)
       )`,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of ['notification_destination', 'unknown_spell', 'notification'])
      await queryRunner.query(`DROP TABLE ${table}`);
  }
}
