import { msOf, type SqlRunner } from '@backup-awareness/database/connection';

/** The last success of one scope. */
export interface LastSuccess {
  readonly fqdn: string;
  readonly scope: string;
  /** When it counts, in whole milliseconds since 1970. */
  readonly at: number;
}

/** Reads the last success of every scope of every monitored engine, by engine and scope. */
export async function readLastSuccesses(sql: SqlRunner): Promise<LastSuccess[]> {
  return sql.query(
    `SELECT last.fqdn, last.scope, ${msOf('last.counted_at')} AS at
     FROM engine_last_success last JOIN engine ON engine.fqdn = last.fqdn AND engine.retired_at IS NULL
     ORDER BY last.fqdn, last.scope`,
  );
}
