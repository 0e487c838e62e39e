import { readOpenRuns, type OpenRunRow } from '@backup-awareness/database';
import type { SqlRunner } from '@backup-awareness/database/connection';
import type { AlertPeriod, EngineToDecide, Which } from '@backup-awareness/freshness';
import { byEngine, factsOf, readEngineRows } from '@backup-awareness/overview/state';

/** An engine with what a decision needs. Instants are whole milliseconds since 1970. */
export interface EngineRow extends EngineToDecide {
  /** Its own period, or the general one. */
  readonly alertPeriodDays: number;
  readonly version: number;
  readonly runs: readonly OpenRunRow[];
}

export interface ReadEngines {
  /** Those to decide, with their last successes, their alerts and their runs that may be open. */
  readonly engines: EngineRow[];
  /** All runs that were read, including those of engines that are not decided. */
  readonly runs: readonly OpenRunRow[];
}

/** Reads the engines to decide; the cost depends on their number and on that of the runs that may be open. */
export async function readEngines(
  transaction: SqlRunner,
  which: Which,
  general: AlertPeriod,
): Promise<ReadEngines> {
  const rows = await readEngineRows(transaction, which);
  if (which === 'pending' && rows.length === 0) return { engines: [], runs: [] };
  const changed = rows.filter(({ isChanged }) => isChanged).map(({ fqdn }) => fqdn);
  const runs = await readOpenRuns(transaction, which, changed);
  const runsOf = byEngine(runs);
  const engines = rows.map((row) => {
    const { facts, alertPeriodDays } = factsOf(row, general);
    // Field by field: a spread costs some ten times as much as all the rest of a row.
    const { state, version, isChanged } = row;
    return { facts, alertPeriodDays, state, version, isChanged, runs: runsOf.get(row.fqdn) ?? [] };
  });
  return { engines, runs };
}
