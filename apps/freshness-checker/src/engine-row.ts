import type { SqlRunner } from '@backup-awareness/database/connection';
import type { AlertPeriod, EngineToDecide, Which } from '@backup-awareness/freshness';
import { factsOf, readEngineRows } from '@backup-awareness/overview/state';

/** An engine as it is read for a decision. Instants are whole milliseconds since 1970. */
export interface EngineRow extends EngineToDecide {
  /** Its own, or else the general one. */
  readonly alertPeriodDays: number;
  readonly version: number;
}

/** Reads the engines to decide, each with its last successes and its alert, at a cost that goes with their number alone. */
export async function readEngines(
  transaction: SqlRunner,
  which: Which,
  general: AlertPeriod,
): Promise<EngineRow[]> {
  const rows = await readEngineRows(transaction, which);
  return rows.map((row) => ({
    ...factsOf(row, general),
    state: row.state,
    version: row.version,
    isChanged: row.isChanged,
  }));
}
