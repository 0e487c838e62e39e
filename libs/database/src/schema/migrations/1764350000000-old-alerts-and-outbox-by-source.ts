import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DROP_OLD_ALERTS_SQL, OLD_ALERTS_SQL } from './retention/old-alerts.js';

/** Removes old alerts in steps; an index to read the outbox source by source, so that no source holds up others. */
export class OldAlertsAndOutboxBySource1764350000000 implements MigrationInterface {
  readonly name = 'OldAlertsAndOutboxBySource1764350000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      'CREATE INDEX outbox_of_source ON outbox (source COLLATE "C", id) WHERE set_aside_at IS NULL',
      ...OLD_ALERTS_SQL,
    ])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [...DROP_OLD_ALERTS_SQL, 'DROP INDEX outbox_of_source'])
      await queryRunner.query(sql);
  }
}
