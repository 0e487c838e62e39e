import { readOpenRuns, type OpenRunRow } from '@backup-awareness/database';
import type { AlertPeriod, EngineToDecide, Which } from '@backup-awareness/freshness';
import { factsOf, readEngineRows, type Sql } from '@backup-awareness/overview/state';

/** An engine as it is read for a decision. Instants are whole milliseconds since 1970. */
export interface EngineRow extends EngineToDecide {
  /** Its own, or else the general one. */
  readonly alertPeriodDays: number;
  readonly version: number;
  readonly runs: readonly OpenRunRow[];
}

export interface ReadEngines {
  /** Those to decide, each with its last successes, its alerts and its runs that may be open. */
  readonly engines: EngineRow[];
  /** All runs that were read, those of engines that are not decided too. */
  readonly runs: readonly OpenRunRow[];
}

/** Reads the engines to decide, at a cost that goes with their number and that of runs that may be open. */
export async function readEngines(
  transaction: Sql,
  which: Which,
  general: AlertPeriod,
): Promise<ReadEngines> {
  const rows = await readEngineRows(transaction, which);
  if (which === 'pending' && rows.length === 0) return { engines: [], runs: [] };
  const changed = rows.filter(({ isChanged }) => isChanged).map(({ fqdn }) => fqdn);
  const runs = await readOpenRuns(transaction, which, changed);
  const runsOf = byEngine(runs);
  const engines = rows.map((row) => ({
    ...factsOf(row, general),
    state: row.state,
    version: row.version,
    isChanged: row.isChanged,
    runs: runsOf.get(row.fqdn) ?? [],
  }));
  return { engines, runs };
}

function byEngine(runs: readonly OpenRunRow[]): ReadonlyMap<string, readonly OpenRunRow[]> {
  const grouped = new Map<string, OpenRunRow[]>();
  for (const run of runs) {
    const others = grouped.get(run.fqdn);
    if (others) others.push(run);
    else grouped.set(run.fqdn, [run]);
  }
  return grouped;
}
