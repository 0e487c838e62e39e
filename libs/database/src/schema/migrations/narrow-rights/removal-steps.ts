import { removalLock } from '../retention/cutoff.js';
import { OLD_AUDIT_ROWS_SQL } from '../retention/old-audit-rows.js';
import { OLD_REPORTS_SQL } from '../retention/old-reports.js';

const TABLES = ['engine_backup_log', 'audit_log'] as const;

/** One step at a time among all replicas. Only the owner can lock the row, while any role can take an advisory lock. */
export const removalStepLock = (table: string) =>
  `EXISTS (SELECT FROM public.removal_step WHERE table_name = '${table}' FOR UPDATE SKIP LOCKED)`;

const REMOVING = [...OLD_REPORTS_SQL, ...OLD_AUDIT_ROWS_SQL]
  .filter((sql) => sql.startsWith('CREATE FUNCTION'))
  .map((sql) => sql.replace('CREATE FUNCTION', 'CREATE OR REPLACE FUNCTION'));

/** The same functions with another lock. */
export const REMOVAL_STEPS_SQL = [
  'CREATE TABLE removal_step (table_name varchar(100) PRIMARY KEY)',
  `INSERT INTO removal_step (table_name) VALUES ${TABLES.map((table) => `('${table}')`).join(', ')}`,
  ...REMOVING.map((sql) =>
    sql
      .replace(removalLock(1), removalStepLock(TABLES[0]))
      .replace(removalLock(2), removalStepLock(TABLES[1])),
  ),
];

export const DROP_REMOVAL_STEPS_SQL = [...REMOVING, 'DROP TABLE removal_step'];
