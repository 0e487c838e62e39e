import type { MigrationInterface, QueryRunner } from 'typeorm';
import { AUDIT_RULES_SQL, DROP_AUDIT_RULES_SQL } from './initial-schema/audit-rules.js';
import { DROP_LAST_SUCCESS_SQL, LAST_SUCCESS_SQL } from './initial-schema/last-success.js';
import { DROP_TABLES_SQL, SEED_SQL, TABLES_SQL } from './initial-schema/tables.js';

/** The tables, the triggers that maintain last successes, and the rules of the audit log. */
export class InitialSchema1763856000000 implements MigrationInterface {
  readonly name = 'InitialSchema1763856000000';

  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [...TABLES_SQL, ...SEED_SQL, ...LAST_SUCCESS_SQL, ...AUDIT_RULES_SQL])
      await queryRunner.query(sql);
  }

  async down(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [...DROP_TABLES_SQL, ...DROP_LAST_SUCCESS_SQL, ...DROP_AUDIT_RULES_SQL])
      await queryRunner.query(sql);
  }
}
