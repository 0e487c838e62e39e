import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  COUNTING_LAST_SUCCESS_SQL,
  RESTORE_UNDISCOUNTED_SQL,
} from './time-known/counting-last-success.js';

// Every time that a decision was made by: until now only the last check and the raise of an alert showed that a clock was put back.
const LATEST_NOW_SQL = `UPDATE checker_state SET latest_now_at = greatest(last_check_at,
  (SELECT max(decided_at) FROM alert WHERE cleared_at IS NULL))`;

/**
 * The latest `now` that a decision was made by, and the successes that never count because they lay in the future when an administrator
 * accepted the clock. Both have a default, so that the previous version can run beside this one.
 */
export class TimeKnown1764320000000 implements MigrationInterface {
  readonly name = 'TimeKnown1764320000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      'ALTER TABLE checker_state ADD COLUMN latest_now_at timestamptz',
      LATEST_NOW_SQL,
      'ALTER TABLE engine_backup_log ADD COLUMN is_discounted boolean NOT NULL DEFAULT false',
      ...COUNTING_LAST_SUCCESS_SQL,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      ...RESTORE_UNDISCOUNTED_SQL,
      // Discounted successes count again, as in the previous version.
      `SELECT engine_last_success_reckon(array_agg(fqdn::text), array_agg(scope::text))
       FROM (SELECT DISTINCT fqdn, scope FROM engine_backup_log WHERE is_discounted) discounted HAVING count(*) > 0`,
      'ALTER TABLE engine_backup_log DROP COLUMN is_discounted',
      'ALTER TABLE checker_state DROP COLUMN latest_now_at',
    ])
      await queryRunner.query(sql);
  }
}
