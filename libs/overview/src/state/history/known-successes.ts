import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import type { KnownSuccess } from '@backup-awareness/freshness';
import { FULL_BACKUP_SCOPES } from '../failed-runs.js';

export interface SuccessOfEngine extends KnownSuccess {
  readonly fqdn: string;
}

const COUNTS = 'is_passed AND NOT is_discounted';

/** SQL for whole milliseconds since 1970 as an instant. */
const instantOf = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000)`;

/**
 * The successes of these engines that were received before an instant, in the order of receipt. All that count later than `countedFrom` are
 * among them; some of the others may be left out.
 *
 * @param countedFrom null: all
 */
export async function readSuccesses(
  sql: SqlRunner,
  fqdns: readonly string[],
  { countedFrom, receivedBefore }: { countedFrom: number | null; receivedBefore: number },
): Promise<SuccessOfEngine[]> {
  // No success counts later than it was done: the index by engine and done_at finds them.
  return sql.query(
    `SELECT fqdn, scope, ${msOf('received_at')} AS "receivedAt", ${msOf('counted_at')} AS "countedAt"
     FROM engine_backup_log
     WHERE fqdn = ANY ($1) AND scope = ANY ($2) AND ${COUNTS} AND received_at < ${instantOf('$3')}
       AND ($4::float8 IS NULL OR done_at >= ${instantOf('$4')})
     ORDER BY received_at, fqdn, event_id`,
    [fqdns, FULL_BACKUP_SCOPES, receivedBefore, countedFrom],
  );
}

/** The last success of each of these engines and scopes among those that were received before an instant; this reads all of their reports. */
export async function readLastSuccessesBefore(
  sql: SqlRunner,
  wanted: readonly { readonly fqdn: string; readonly scope: 'db' | 'files' }[],
  receivedBefore: number,
): Promise<SuccessOfEngine[]> {
  if (wanted.length === 0) return [];
  return sql.query(
    `SELECT wanted.fqdn, wanted.scope, ${msOf('last.received_at')} AS "receivedAt", ${msOf('last.counted_at')} AS "countedAt"
     FROM unnest($1::text[], $2::text[]) AS wanted (fqdn, scope), LATERAL (
       SELECT received_at, counted_at FROM (SELECT * FROM engine_backup_log WHERE fqdn = wanted.fqdn OFFSET 0) log
       WHERE scope = wanted.scope AND ${COUNTS} AND received_at < ${instantOf('$3')}
       ORDER BY counted_at DESC, received_at LIMIT 1
     ) last`,
    [wanted.map(({ fqdn }) => fqdn), wanted.map(({ scope }) => scope), receivedBefore],
  );
}

/** When the first report that is kept was received, by engine; this reads all of their reports. */
export async function readFirstReports(
  sql: SqlRunner,
  fqdns: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (fqdns.length === 0) return new Map();
  const rows: { fqdn: string; at: number }[] = await sql.query(
    `SELECT fqdn, ${msOf('min(received_at)')} AS at FROM engine_backup_log WHERE fqdn = ANY ($1) GROUP BY fqdn`,
    [fqdns],
  );
  return new Map(rows.map(({ fqdn, at }) => [fqdn, at]));
}
