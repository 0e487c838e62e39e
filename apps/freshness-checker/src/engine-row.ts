import type { AlertPeriod, EngineToDecide, Which } from '@backup-awareness/freshness';
import { factsOf, readEngineRows, type Sql } from '@backup-awareness/overview/state';

/** An engine as it is read for a decision. Instants are whole milliseconds since 1970. */
export interface EngineRow extends EngineToDecide {
  /** Its own, or else the general one. */
  readonly alertPeriodDays: number;
  readonly version: number;
}

/** Reads the engines to decide, each with its last successes and its alert, at a cost that goes with their number alone. */
export async function readEngines(
  transaction: Sql,
  which: Which,
  general: AlertPeriod,
): Promise<EngineRow[]> {
  const rows = await readEngineRows(transaction, which);
  return rows.map((row) => {
    const { facts, alertPeriodDays } = factsOf(row, general);
    // Field by field: a spread costs some ten times as much as all the rest of a row.
    const { state, version, isChanged } = row;
    return { facts, alertPeriodDays, state, version, isChanged };
  });
}
