import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Finds what administrators have changed about one engine, or (fqdn null) about the product, whatever the number of events. It contains
 * only those events, so that recording a report costs nothing more. Not CONCURRENTLY: see ReportsByReceipt.
 */
export class ChangesByEngine1764380000000 implements MigrationInterface {
  readonly name = 'ChangesByEngine1764380000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(
      `CREATE INDEX audit_log_of_changes ON audit_log (fqdn, audit_log_id)
       WHERE event_name IN ('SettingChanged', 'EngineAdded', 'EngineRetired', 'AlertDismissed')`,
    );
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('DROP INDEX audit_log_of_changes');
  }
}
