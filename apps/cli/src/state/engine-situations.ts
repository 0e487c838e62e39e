import {
  daysToMs,
  judgeFreshness,
  type DecidingTime,
  type EngineFacts,
  type Freshness,
} from '@backup-awareness/freshness';
import type { Sql } from '../installation/database-session.js';
import { instantMs } from './instant-in-sql.js';
import type { ActiveAlertRow } from './active-alerts.js';
import type { FailedRun } from './failed-runs.js';
import type { ReportWithoutBackup } from './reports-without-backup.js';

/** An engine as things stand. Instants are whole milliseconds since 1970. */
export interface EngineSituation {
  readonly fqdn: string;
  readonly retiredAt: number | null;
  /** The longest age allowed, in days; undefined where the general one holds and cannot be read. */
  readonly alertPeriodDays: number | undefined;
  readonly hasOwnPeriod: boolean;
  /** The broker user that alone may report about it, null where any may. */
  readonly brokerUser: string | null;
  readonly watchedSinceAt: number;
  readonly lastDbSuccessAt: number | null;
  readonly lastFilesSuccessAt: number | null;
  /** The earlier of the two, null while one is missing. */
  readonly lastFullBackupAt: number | null;
  /** Undefined where the facts cannot be judged. */
  readonly facts: EngineFacts | undefined;
  /** Undefined where the facts cannot be judged, or the time is unknown. */
  readonly freshness: Freshness | undefined;
  /** An administrator has added, changed or retired it since it was last decided. */
  readonly isChanged: boolean;
  readonly lastSequence: number;
  readonly activeAlerts: readonly ActiveAlertRow[];
  /** The scopes whose latest run has failed. */
  readonly failedRuns: readonly FailedRun[];
  /** Its latest report while it has no full backup; null where there is one, or no report. */
  readonly latestReport: ReportWithoutBackup | null;
}

export interface SituationQuery {
  readonly fqdn: string | undefined;
  readonly time: DecidingTime;
  readonly generalPeriodDays: number | undefined;
  readonly generalPeriodChangedAt: number | null;
  readonly activeAlerts: readonly ActiveAlertRow[];
  readonly failedRuns: readonly FailedRun[];
  readonly reportsWithoutBackup: readonly ReportWithoutBackup[];
}

/** Every engine by name, retired ones too. */
export async function readEngineSituations(
  sql: Sql,
  query: SituationQuery,
): Promise<EngineSituation[]> {
  const rows: Columns[] = await sql.query(
    `SELECT e.fqdn, ${instantMs('e.watched_since')} AS watched_since, ${instantMs('e.retired_at')} AS retired_at,
       e.alert_period_days::float8 AS alert_period_days, ${instantMs('e.alert_period_changed_at')} AS alert_period_changed_at,
       e.broker_user, e.version <> coalesce(s.decided_version, 0) AS is_changed, coalesce(s.last_sequence, 0)::float8 AS last_sequence,
       ${instantMs('db.counted_at')} AS db_at, ${instantMs('files.counted_at')} AS files_at
     FROM engine e
     LEFT JOIN engine_last_success db ON db.fqdn = e.fqdn AND db.scope = 'db'
     LEFT JOIN engine_last_success files ON files.fqdn = e.fqdn AND files.scope = 'files'
     LEFT JOIN engine_alert_state s ON s.fqdn = e.fqdn
     WHERE $1::text IS NULL OR e.fqdn = $1
     ORDER BY e.fqdn`,
    [query.fqdn ?? null],
  );
  const alertsOf = byEngine(query.activeAlerts);
  const failedRunsOf = byEngine(query.failedRuns);
  const reportsOf = byEngine(query.reportsWithoutBackup);
  return rows.map((row) => ({
    ...situation(row, query),
    activeAlerts: alertsOf.get(row.fqdn) ?? [],
    failedRuns: failedRunsOf.get(row.fqdn) ?? [],
    latestReport: reportsOf.get(row.fqdn)?.[0] ?? null,
  }));
}

function byEngine<T extends { readonly fqdn: string }>(all: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const one of all) grouped.set(one.fqdn, [...(grouped.get(one.fqdn) ?? []), one]);
  return grouped;
}

interface Columns {
  fqdn: string;
  watched_since: number;
  retired_at: number | null;
  alert_period_days: number | null;
  alert_period_changed_at: number | null;
  broker_user: string | null;
  is_changed: boolean;
  last_sequence: number;
  db_at: number | null;
  files_at: number | null;
}

function situation(
  row: Columns,
  query: SituationQuery,
): Omit<EngineSituation, 'activeAlerts' | 'failedRuns' | 'latestReport'> {
  const hasOwnPeriod = row.alert_period_days !== null;
  const alertPeriodDays = row.alert_period_days ?? query.generalPeriodDays;
  const facts = alertPeriodDays === undefined ? undefined : factsOf(row, query, alertPeriodDays);
  return {
    fqdn: row.fqdn,
    retiredAt: row.retired_at,
    alertPeriodDays,
    hasOwnPeriod,
    brokerUser: row.broker_user,
    watchedSinceAt: row.watched_since,
    lastDbSuccessAt: row.db_at,
    lastFilesSuccessAt: row.files_at,
    lastFullBackupAt:
      row.db_at === null || row.files_at === null ? null : Math.min(row.db_at, row.files_at),
    facts,
    freshness: facts && query.time.isKnown ? judge(facts, query.time.now) : undefined,
    isChanged: row.is_changed,
    lastSequence: row.last_sequence,
  };
}

function factsOf(row: Columns, query: SituationQuery, alertPeriodDays: number): EngineFacts {
  return {
    fqdn: row.fqdn,
    watchedSinceAt: row.watched_since,
    retired: row.retired_at !== null,
    lastDbSuccessAt: row.db_at,
    lastFilesSuccessAt: row.files_at,
    alertPeriodMs: daysToMs(alertPeriodDays),
    alertPeriodChangedAt:
      row.alert_period_days !== null
        ? row.alert_period_changed_at
        : later(row.alert_period_changed_at, query.generalPeriodChangedAt),
  };
}

/** Only facts that were put into the database by hand cannot be judged. */
function judge(facts: EngineFacts, now: number): Freshness | undefined {
  try {
    return judgeFreshness(facts, now);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function later(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.max(a, b);
}
