import { LAST_SUCCESS_SQL } from '../initial-schema/last-success.js';

const CHANGED = ['engine_last_success_after_insert()', 'engine_last_success_reckon('];

/** The earlier functions, as CREATE OR REPLACE. */
export const RESTORE_UNDISCOUNTED_SQL = LAST_SUCCESS_SQL.filter((sql) =>
  CHANGED.some((name) => sql.startsWith(`CREATE FUNCTION ${name}`)),
).map((sql) => sql.replace('CREATE', 'CREATE OR REPLACE'));

/**
 * The same functions without discounted successes. The triggers for updates and deletes use them. Retention needs no change: a success
 * that counts is removed only if a later one that counts is known, and a discounted one is never in the way.
 */
export const COUNTING_LAST_SUCCESS_SQL = RESTORE_UNDISCOUNTED_SQL.map((sql) =>
  sql
    .replaceAll('WHERE is_passed', 'WHERE is_passed AND NOT is_discounted')
    .replaceAll('log.is_passed', 'log.is_passed AND NOT log.is_discounted'),
);
