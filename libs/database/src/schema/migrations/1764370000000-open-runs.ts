import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_OPEN_RUN_SQL, OPEN_RUN_SQL, REFILL_SQL } from './open-runs/open-run.js';

const NAME = 'BackupStuckAfterInHours';

// By run: its starts in order of time, and its ends. An end without a run_id is in neither index. Not CONCURRENTLY: see
// ReportsByReceipt.
const INDEX_SQL = [
  `CREATE INDEX engine_backup_log_started
   ON engine_backup_log (fqdn, (coalesce(run_id, '') COLLATE "C"), scope, counted_at) WHERE is_passed IS NULL`,
  `CREATE INDEX engine_backup_log_ended ON engine_backup_log (fqdn, (run_id COLLATE "C"), scope)
   WHERE run_id IS NOT NULL AND is_passed IS NOT NULL`,
];

const ALERT_SQL = [
  'ALTER TABLE alert ADD COLUMN scopes text[]',
  `CREATE UNIQUE INDEX alert_one_of_run_active
   ON alert (fqdn, coalesce(run_id, ''), (CASE WHEN run_id IS NULL THEN scopes[1] ELSE '' END))
   WHERE cleared_at IS NULL AND alert = 'ENGINE_BACKUP_STUCK'`,
];

/** Which runs may be open, how long a run may take, and the data of an alert about a run. The previous version can run at the same time. */
export class OpenRuns1764370000000 implements MigrationInterface {
  readonly name = 'OpenRuns1764370000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      `INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ('${NAME}', '12', '12')
       ON CONFLICT DO NOTHING`,
      ...ALERT_SQL,
      ...INDEX_SQL,
      ...OPEN_RUN_SQL,
      ...REFILL_SQL,
      // Creating the triggers locks the log: no other transaction writes to it until this one is committed.
      'SELECT open_run_refill()',
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      ...DROP_OPEN_RUN_SQL,
      'DROP INDEX engine_backup_log_ended',
      'DROP INDEX engine_backup_log_started',
      'DROP INDEX alert_one_of_run_active',
      'ALTER TABLE alert DROP COLUMN scopes',
      `DELETE FROM vdc_options WHERE option_name = '${NAME}'`,
    ])
      await queryRunner.query(sql);
  }
}
