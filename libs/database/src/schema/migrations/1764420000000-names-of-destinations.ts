import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The name of a destination may be longer than 64 characters: that of an Alertmanager has its host, port and path. The address of one that is
 * notified of each change separately is compared with the configured one.
 */
export class NamesOfDestinations1764420000000 implements MigrationInterface {
  readonly name = 'NamesOfDestinations1764420000000';

  // The collation stays, so that no index is built again.
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const table of TABLES)
      await queryRunner.query(
        `ALTER TABLE ${table} ALTER COLUMN destination TYPE text COLLATE "C"`,
      );
    await queryRunner.query('ALTER TABLE notification_destination ADD COLUMN address varchar(8)');
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE notification_destination DROP COLUMN address');
    for (const table of TABLES)
      await queryRunner.query(
        `ALTER TABLE ${table} ALTER COLUMN destination TYPE varchar(64) COLLATE "C" USING left(destination, 64)`,
      );
  }
}

const TABLES = ['notification', 'notification_destination'];
