import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds old reports. A migration of its own, so that the audit log is not locked while the index is built; ingest waits, with its reports in
 * the queue. Not CONCURRENTLY, which waits for every running statement, and so for ever for another process that waits for the schema
 * lock.
 */
export class ReportsByReceipt1764100000001 implements MigrationInterface {
  readonly name = 'ReportsByReceipt1764100000001';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      'CREATE INDEX engine_backup_log_by_receipt ON engine_backup_log (received_at)',
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX engine_backup_log_by_receipt');
  }
}
