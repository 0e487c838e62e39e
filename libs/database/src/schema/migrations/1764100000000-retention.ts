import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CUTOFF_SQL, DROP_CUTOFF_SQL } from './retention/cutoff.js';
import { DROP_OLD_AUDIT_ROWS_SQL, OLD_AUDIT_ROWS_SQL } from './retention/old-audit-rows.js';
import {
  RESTORE_LAST_SUCCESS_SQL,
  SHARED_LAST_SUCCESS_SQL,
} from './retention/shared-last-success.js';
import { DROP_OLD_REPORTS_SQL, OLD_REPORTS_SQL } from './retention/old-reports.js';

const SETTINGS = ['BackupLogRetentionInDays', 'AuditLogRetentionInDays'];

// log_time is the event's own: by it, what a host whose clock stands at 1970 reports would be old when it comes. The
// default is stable, not volatile, so that the table is not written anew: rows that are there count from now.
const EXPAND_SQL = [
  `ALTER TABLE audit_log ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT statement_timestamp()`,
  ...SETTINGS.map(
    (name) =>
      `INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ('${name}', '400', '400')
       ON CONFLICT DO NOTHING`,
  ),
];

/** How long reports and events are kept, and how old ones are removed: a step at a time, by functions of the owner's. */
export class Retention1764100000000 implements MigrationInterface {
  readonly name = 'Retention1764100000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      ...EXPAND_SQL,
      ...SHARED_LAST_SUCCESS_SQL,
      ...CUTOFF_SQL,
      ...OLD_REPORTS_SQL,
      ...OLD_AUDIT_ROWS_SQL,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      ...DROP_OLD_AUDIT_ROWS_SQL,
      ...DROP_OLD_REPORTS_SQL,
      ...DROP_CUTOFF_SQL,
      ...RESTORE_LAST_SUCCESS_SQL,
      ...SETTINGS.map((name) => `DELETE FROM vdc_options WHERE option_name = '${name}'`),
      'ALTER TABLE audit_log DROP COLUMN recorded_at',
    ])
      await queryRunner.query(sql);
  }
}
