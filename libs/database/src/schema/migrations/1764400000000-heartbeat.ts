import type { MigrationInterface, QueryRunner } from 'typeorm';

/** When each stage of the path was last proven, in one row. Each service may update its own columns only. */
export class Heartbeat1764400000000 implements MigrationInterface {
  readonly name = 'Heartbeat1764400000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE TABLE heartbeat (
         id smallint PRIMARY KEY CONSTRAINT heartbeat_one_row CHECK (id = 1),
         decided_at timestamptz,
         relayed_at timestamptz,
         recorded_at timestamptz,
         answered_at timestamptz,
         beaten_at timestamptz
       )`,
    );
    await queryRunner.query(`INSERT INTO heartbeat (id) VALUES (1)`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP TABLE heartbeat');
  }
}
