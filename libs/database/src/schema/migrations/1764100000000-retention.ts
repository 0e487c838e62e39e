import type { MigrationInterface, QueryRunner } from 'typeorm';
import { CUTOFF_SQL, DROP_CUTOFF_SQL } from './retention/cutoff.js';
import { DROP_OLD_AUDIT_ROWS_SQL, OLD_AUDIT_ROWS_SQL } from './retention/old-audit-rows.js';
import {
  RESTORE_LAST_SUCCESS_SQL,
  SHARED_LAST_SUCCESS_SQL,
} from './retention/shared-last-success.js';
import { DROP_OLD_REPORTS_SQL, OLD_REPORTS_SQL } from './retention/old-reports.js';

const SETTINGS = ['BackupLogRetentionInDays', 'AuditLogRetentionInDays'];

// log_time is the event's own: a report from a host whose clock is at 1970 would be old on arrival. The default is stable, not volatile,
// so that the table is not rewritten: existing rows count from now.
const EXPAND_SQL = [
  `ALTER TABLE audit_log ADD COLUMN recorded_at timestamptz NOT NULL DEFAULT statement_timestamp()`,
  ...SETTINGS.map(
    (name) =>
      `INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ('${name}', '400', '400')
       ON CONFLICT DO NOTHING`,
  ),
];

/** How long reports and events are kept, and the owner's functions that remove old ones in steps. */
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
