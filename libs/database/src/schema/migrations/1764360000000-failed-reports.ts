import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds an engine's latest failure of a scope, whatever the number of reports. Holds only failures, so that storing a success costs
 * nothing. Not CONCURRENTLY: see ReportsByReceipt.
 */
export class FailedReports1764360000000 implements MigrationInterface {
  readonly name = 'FailedReports1764360000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX engine_backup_log_failed ON engine_backup_log (fqdn, scope, counted_at DESC, received_at DESC)
       WHERE NOT is_passed AND NOT is_discounted`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX engine_backup_log_failed');
  }
}
