import { newEventId } from '@backup-awareness/contracts';
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

/** A spell ends when no replica has seen it for this long: while one still sees it, it stays open. */
export const UNSEEN_MS = 60_000;

/** Records that a replica finds the status unknown: begins a spell, or keeps the open one open with the latest reason. */
export async function seeUnknown(
  sql: SqlRunner,
  now: number,
  unknown: { readonly sinceAt: number; readonly reason: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO unknown_spell AS it (unknown_id, began_at, seen_at, reason) VALUES ($1, ${instantOf('$3')}, ${instantOf('$2')}, $4)
     ON CONFLICT (ended_at) WHERE ended_at IS NULL DO UPDATE SET seen_at = excluded.seen_at, reason = excluded.reason`,
    [newEventId(), now, unknown.sinceAt, unknown.reason],
  );
}

/** Ends the open spell if no replica has seen it recently. */
export async function endUnknown(sql: SqlRunner, now: number): Promise<void> {
  await sql.query(
    `UPDATE unknown_spell SET ended_at = ${instantOf('$1')}
     WHERE ended_at IS NULL AND (seen_at <= ${instantOf('$1 - $2')} OR seen_at > ${instantOf('$1 + $2')})`,
    [now, UNSEEN_MS],
  );
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
