import type { SqlRunner } from '../connection/sql-runner.js';

/** How far a database has published, and as which of its copies. */
export interface Incarnation {
  /** 0 until a restored copy was first noticed, then one more each time. */
  readonly generation: number;
  /** How often something was published; it increases before each time. */
  readonly position: number;
}

/** What followed from a restored copy. */
export interface BegunIncarnation {
  readonly previous: number;
  /** When the copy last published; null if never. */
  readonly copiedAt: Date | null;
  /** All sequence numbers of the new incarnation are higher than this, all earlier ones lower. */
  readonly base: number;
}

export async function readIncarnation(sql: SqlRunner): Promise<Incarnation> {
  const [row]: [Incarnation | undefined] = await sql.query(
    'SELECT generation, position::float8 AS position FROM incarnation',
  );
  if (!row)
    throw new Error('incarnation has no row: the schema creates it, so somebody deleted it');
  return row;
}

/**
 * Increases the position, before something is published that was read from the outbox earlier. A copy that has this position therefore has
 * everything that is published under it.
 *
 * @returns undefined if the database is not at `known`
 */
export async function advancePosition(
  sql: SqlRunner,
  known: Incarnation,
): Promise<Incarnation | undefined> {
  const [rows]: [Incarnation[], number] = await sql.query(
    `UPDATE incarnation SET position = position + 1, advanced_at = clock_timestamp()
     WHERE generation = $1 AND position = $2 RETURNING generation, position::float8 AS position`,
    [known.generation, known.position],
  );
  return rows[0];
}

/**
 * Makes a restored copy a new incarnation, in the caller's transaction: sequence numbers leap above all earlier ones, pending events get such
 * numbers, and all engines are checked at once.
 *
 * @returns undefined if that has been done already
 */
export async function beginIncarnation(
  transaction: SqlRunner,
  generation: number,
): Promise<BegunIncarnation | undefined> {
  const [row]: { previous: number | null; copiedAt: Date | null; base: number }[] =
    await transaction.query(
      `SELECT previous, copied_at AS "copiedAt", base::float8 AS base FROM begin_incarnation($1)`,
      [generation],
    );
  const { previous, copiedAt, base } = row!;
  return previous === null ? undefined : { previous, copiedAt, base };
}
