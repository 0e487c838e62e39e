import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace of the event that raised an alert; null for what the previous version writes. */
export class TraceOfAnAlert1764460000000 implements MigrationInterface {
  readonly name = 'TraceOfAnAlert1764460000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE alert ADD COLUMN traceparent text');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE alert DROP COLUMN traceparent');
  }
}
