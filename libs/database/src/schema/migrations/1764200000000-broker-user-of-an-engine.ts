import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The only broker user that may report about an engine. By the index a user has one engine, and every batch of reports sees at once if
 * no engine has a user.
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
