import { msOf } from '../connection/ms-of.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { instantOf } from './instant-of.js';

/** A time in which the status is unknown. Instants are whole milliseconds since 1970. */
export interface UnknownSpell {
  readonly unknownId: string;
  readonly beganAt: number;
  readonly endedAt: number | null;
  /** In words. */
  readonly reason: string;
}

/** The spells that are open or have ended since, or those of these ids; the latest first. */
export async function readUnknownSpells(
  sql: SqlRunner,
  selection: { readonly endedAfter: number } | { readonly ids: readonly string[] },
): Promise<UnknownSpell[]> {
  const [condition, parameter] =
    'ids' in selection
      ? ['unknown_id = ANY ($1::uuid[])', selection.ids]
      : [`ended_at IS NULL OR ended_at > ${instantOf('$1')}`, selection.endedAfter];
  return sql.query(
    `SELECT unknown_id AS "unknownId", ${msOf('began_at')} AS "beganAt", ${msOf('ended_at')} AS "endedAt", reason
     FROM unknown_spell WHERE ${condition} ORDER BY began_at DESC`,
    [parameter],
  );
}
