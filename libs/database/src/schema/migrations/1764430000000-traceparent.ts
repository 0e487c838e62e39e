import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The trace of a report, and of an event that waits to be published; null for what the previous version writes. */
export class Traceparent1764430000000 implements MigrationInterface {
  readonly name = 'Traceparent1764430000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(`ALTER TABLE ${table} ADD COLUMN traceparent text`);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(`ALTER TABLE ${table} DROP COLUMN traceparent`);
  }
}

const TABLES = ['engine_backup_log', 'outbox'];
