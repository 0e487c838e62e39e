import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Why an alert was dismissed and until when, both null for what the previous version dismisses; and an index of the notifications that
 * were given up, which administrators are shown as dead letters.
 */
export class DismissalsAndDeadNotifications1764410000000 implements MigrationInterface {
  readonly name = 'DismissalsAndDeadNotifications1764410000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      'ALTER TABLE alert_dismissal ADD COLUMN dismissed_until timestamptz, ADD COLUMN dismissal_comment text',
      `CREATE INDEX notification_given_up ON notification (destination, settled_at) WHERE outcome = 'given_up'`,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      'DROP INDEX notification_given_up',
      'ALTER TABLE alert_dismissal DROP COLUMN dismissal_comment, DROP COLUMN dismissed_until',
    ])
      await queryRunner.query(sql);
  }
}
