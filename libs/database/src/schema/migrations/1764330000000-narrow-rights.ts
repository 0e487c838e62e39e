import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_REMOVAL_STEPS_SQL, REMOVAL_STEPS_SQL } from './narrow-rights/removal-steps.js';

const PERIOD_CHECK = 'engine_alert_period_in_range';

// NaN is greater than any number. A period that is out of range already, which only somebody's SQL could make, must not keep the schema
// from being brought up to date: it stays, and the next change of its row has to set it right.
const PERIOD_SQL = [
  `ALTER TABLE engine ADD CONSTRAINT ${PERIOD_CHECK} CHECK (alert_period_days > 0 AND alert_period_days <= 3650) NOT VALID`,
  `DO $$ BEGIN
    ALTER TABLE engine VALIDATE CONSTRAINT ${PERIOD_CHECK};
  EXCEPTION WHEN check_violation THEN
    RAISE WARNING 'an engine has an alert period out of range';
  END $$`,
];

/** What nobody but the owner can hold, and what nobody can write. */
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
