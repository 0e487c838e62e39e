import type { MigrationInterface, QueryRunner } from 'typeorm';
import {
  DROP_REGISTER_ENGINES_SQL,
  REGISTER_ENGINES_SQL,
} from './bounds-of-one-host/register-engines.js';
import { PLAIN_INDEX_SQL, UNIQUE_INDEX_SQL } from './bounds-of-one-host/index-of-broker-users.js';

const NAME = 'EngineRegistrationMax';

// Every administrative change has incremented the version: an engine with one was registered by an administrator.
const REGISTERED_BY_SQL = [
  `ALTER TABLE engine ADD COLUMN registered_by varchar(16) NOT NULL DEFAULT 'report'
    CONSTRAINT engine_registered_by CHECK (registered_by IN ('report', 'administrator'))`,
  `UPDATE engine SET registered_by = 'administrator' WHERE version > 0`,
];

/** The limit of engines that reports may register; one broker user may have several engines. */
export class BoundsOfOneHost1764310000000 implements MigrationInterface {
  readonly name = 'BoundsOfOneHost1764310000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      ...REGISTERED_BY_SQL,
      `INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ('${NAME}', '1000', '1000')
       ON CONFLICT DO NOTHING`,
      ...REGISTER_ENGINES_SQL,
      ...PLAIN_INDEX_SQL,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      ...UNIQUE_INDEX_SQL,
      ...DROP_REGISTER_ENGINES_SQL,
      `DELETE FROM vdc_options WHERE option_name = '${NAME}'`,
      'ALTER TABLE engine DROP COLUMN registered_by',
    ])
      await queryRunner.query(sql);
  }
}
