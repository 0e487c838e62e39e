import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_REMOVAL_STEPS_SQL, REMOVAL_STEPS_SQL } from './narrow-rights/removal-steps.js';

const PERIOD_CHECK = 'engine_alert_period_in_range';

// NaN is greater than any number. An existing period out of range, which only manual SQL could have written, must not stop the migration:
// it stays, and the next change of its row has to correct it.
const PERIOD_SQL = [
  `ALTER TABLE engine ADD CONSTRAINT ${PERIOD_CHECK} CHECK (alert_period_days > 0 AND alert_period_days <= 3650) NOT VALID`,
  `DO $$ BEGIN
    ALTER TABLE engine VALIDATE CONSTRAINT ${PERIOD_CHECK};
  EXCEPTION WHEN check_violation THEN
    RAISE WARNING 'an engine has an alert period out of range';
  END $$`,
];

/** Locks that only the owner can take, and values that nobody can write. */
export class NarrowRights1764330000000 implements MigrationInterface {
  readonly name = 'NarrowRights1764330000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [...REMOVAL_STEPS_SQL, ...PERIOD_SQL]) await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      `ALTER TABLE engine DROP CONSTRAINT ${PERIOD_CHECK}`,
      ...DROP_REMOVAL_STEPS_SQL,
    ])
      await queryRunner.query(sql);
  }
}
