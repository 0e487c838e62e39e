import type { SqlRunner } from '@backup-awareness/database/connection';
import {
  judgeFreshness,
  lastFullBackup,
  type AlertPeriod,
  type DecidingTime,
  type EngineAlertState,
  type EngineFacts,
  type Freshness,
} from '@backup-awareness/freshness';
import type { ActiveAlertRow } from './active-alerts.js';
import { byEngine } from './by-engine.js';
import { factsOf, readEngineRows } from './engine-rows.js';
import type { FailedRun } from './failed-runs.js';
import type { FleetRow } from './fleet-rows.js';
import type { ReportWithoutBackup } from './reports-without-backup.js';

/** How an engine stands, as a view of all engines needs it. Instants are whole milliseconds since 1970. */
export interface FleetEngine {
  readonly fqdn: string;
  readonly retiredAt: number | null;
  /** The maximum age of its last full backup, in days; undefined if the general one holds and cannot be read. */
  readonly alertPeriodDays: number | undefined;
  readonly hasOwnPeriod: boolean;
  /** The only broker user that may report about it; null: any may. */
  readonly brokerUser: string | null;
  readonly watchedSinceAt: number;
  readonly lastDbSuccessAt: number | null;
  readonly lastFilesSuccessAt: number | null;
  /** Null while there is none. */
  readonly lastFullBackupAt: number | null;
  /** Undefined if the facts cannot be read. */
  readonly facts: EngineFacts | undefined;
  /** Undefined if the facts cannot be judged, or the time is unknown. */
  readonly freshness: Freshness | undefined;
  readonly activeAlerts: readonly ActiveAlertRow[];
}

/** The present situation of an engine. */
export interface EngineSituation extends FleetEngine {
  /** An administrator has added, changed or retired it since its last decision. */
  readonly isChanged: boolean;
  /** The input state of the next decision. */
  readonly state: EngineAlertState;
  /** The scopes whose latest run has failed. */
  readonly failedRuns: readonly FailedRun[];
  /** Its latest report while it has no full backup; null if it has one, or no report. */
  readonly latestReport: ReportWithoutBackup | null;
}

export interface SituationQuery {
  readonly fqdn: string | undefined;
  readonly time: DecidingTime;
  /** Undefined if it cannot be read. */
  readonly general: AlertPeriod | undefined;
  readonly activeAlerts: readonly ActiveAlertRow[];
  readonly failedRuns: readonly FailedRun[];
  readonly reportsWithoutBackup: readonly ReportWithoutBackup[];
}

/** Reads every engine by name, retired ones too, or only `fqdn`. */
export async function readEngineSituations(
  sql: SqlRunner,
  query: SituationQuery,
): Promise<EngineSituation[]> {
  const { fqdn } = query;
  const rows = await readEngineRows(sql, fqdn === undefined ? 'every' : { fqdn });
  const alertsOf = byEngine(query.activeAlerts);
  const failedRunsOf = byEngine(query.failedRuns);
  const reportsOf = byEngine(query.reportsWithoutBackup);
  return rows.map((row) =>
    // Unlike a spread, it costs less than the query.
    Object.assign(fleetEngine(row, query, alertsOf.get(row.fqdn) ?? []), {
      isChanged: row.isChanged,
      state: row.state,
      failedRuns: failedRunsOf.get(row.fqdn) ?? [],
      latestReport: reportsOf.get(row.fqdn)?.[0] ?? null,
    }),
  );
}

/** Judges an engine. */
export function fleetEngine(
  row: FleetRow,
  { general, time }: Pick<SituationQuery, 'general' | 'time'>,
  activeAlerts: readonly ActiveAlertRow[],
): FleetEngine {
  const hasOwnPeriod = row.ownPeriod.days !== null;
  const period = general ?? (hasOwnPeriod ? UNUSED_PERIOD : undefined);
  const { facts, alertPeriodDays } = period ? factsOf(row, period) : NO_FACTS;
  return {
    fqdn: row.fqdn,
    retiredAt: row.retiredAt,
    alertPeriodDays,
    hasOwnPeriod,
    brokerUser: row.brokerUser,
    watchedSinceAt: row.watchedSinceAt,
    lastDbSuccessAt: row.lastDbSuccessAt,
    lastFilesSuccessAt: row.lastFilesSuccessAt,
    lastFullBackupAt: lastFullBackup(row),
    facts,
    freshness: facts && time.isKnown ? judge(facts, time.now) : undefined,
    activeAlerts,
  };
}

/** Stands for an unreadable general period if an engine has its own. */
const UNUSED_PERIOD: AlertPeriod = { days: Number.NaN, changedAt: null };
const NO_FACTS = { facts: undefined, alertPeriodDays: undefined };

/** Undefined for facts that cannot be judged; only changes of the database by hand produce such facts. */
function judge(facts: EngineFacts, now: number): Freshness | undefined {
  try {
    return judgeFreshness(facts, now);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
