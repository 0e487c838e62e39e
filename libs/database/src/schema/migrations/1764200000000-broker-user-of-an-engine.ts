import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who alone may report about an engine; by the index one user reports for one engine, and every batch of reports sees at once that
 * no engine has one.
 */
export class BrokerUserOfAnEngine1764200000000 implements MigrationInterface {
  readonly name = 'BrokerUserOfAnEngine1764200000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      'ALTER TABLE engine ADD COLUMN broker_user varchar(255) COLLATE "C"',
      'CREATE UNIQUE INDEX engine_of_broker_user ON engine (broker_user) WHERE broker_user IS NOT NULL',
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query('ALTER TABLE engine DROP COLUMN broker_user');
  }
}
