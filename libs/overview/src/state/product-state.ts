import {
  readFreshnessSettings,
  type FreshnessSettings,
  type Result,
} from '@backup-awareness/contracts/plain';
import { decidingTime, type AlertPeriod, type DecidingTime } from '@backup-awareness/freshness';
import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { readActiveAlerts, type ActiveAlertRow } from './active-alerts.js';
import { byEngine } from './by-engine.js';
import {
  fleetEngine,
  readEngineSituations,
  type EngineSituation,
  type FleetEngine,
} from './engine-situations.js';
import { readHeartbeatState, type HeartbeatState } from './heartbeat-state.js';
import { readFailedRuns } from './failed-runs.js';
import { readFleetRows, type FleetMemory } from './fleet-rows.js';
import { readDestinations, type Destination } from './destinations.js';
import { readReportsWithoutBackup } from './reports-without-backup.js';

/** What holds for all engines. Instants are whole milliseconds since 1970, by the database's clock. */
export interface ProductBasis {
  /** The `now` of a decision, never before the latest one; while the time is unknown, the reading of the clock. */
  readonly now: number;
  readonly time: DecidingTime;
  readonly settings: Result<FreshnessSettings>;
  /** BackupExcludeMode as stored. */
  readonly excludeMode: string;
  readonly lastCheck: LastCheck | null;
  readonly outbox: OutboxState;
  /** When the database was last found to be a restored copy; null if never. */
  readonly restored: { readonly at: number; readonly copiedAt: number | null } | null;
}

/** The engines and their alerts, without the reports about them. */
export interface FleetState extends ProductBasis {
  readonly engines: readonly FleetEngine[];
  /** Including those of engines that were removed from the database by hand. */
  readonly activeAlerts: readonly ActiveAlertRow[];
  /** When each stage of the path of events was last proven; undefined: not read. */
  readonly provenAt?: HeartbeatState['provenAt'];
  /** Undefined: not read. */
  readonly destinations?: readonly Destination[];
}

export interface ProductState extends FleetState {
  readonly engines: readonly EngineSituation[];
  /** How many events a destination did not accept for three days. */
  readonly undelivered: number;
  readonly destinations: readonly Destination[];
}

export interface LastCheck {
  readonly at: number;
  readonly engines: number;
  readonly raised: number;
  readonly cleared: number;
}

export interface OutboxState {
  readonly waiting: number;
  readonly setAside: number;
  readonly oldestWaitingAt: number | null;
}

/** Reads the state of the product from the database; with one engine only if `fqdn` is given. */
export async function readProductState(sql: SqlRunner, fqdn?: string): Promise<ProductState> {
  const { basis, general } = await readBasis(sql);
  const activeAlerts = await readActiveAlerts(sql, fqdn);
  return {
    ...basis,
    undelivered: await countUndelivered(sql),
    destinations: await readDestinations(sql),
    engines: await readEngineSituations(sql, {
      fqdn,
      time: basis.time,
      general,
      activeAlerts,
      failedRuns: await readFailedRuns(sql, fqdn),
      reportsWithoutBackup: await readReportsWithoutBackup(sql, fqdn),
    }),
    activeAlerts,
  };
}

/**
 * Reads the fleet from the database, at a small part of the cost of the whole state.
 *
 * @param memory of earlier reads, as `readFleetRows` wants it; with it a read costs little more than what has changed
 */
export async function readFleetState(sql: SqlRunner, memory?: FleetMemory): Promise<FleetState> {
  const { basis, general } = await readBasis(sql);
  const activeAlerts = await readActiveAlerts(sql);
  const alertsOf = byEngine(activeAlerts);
  const rows = await readFleetRows(sql, memory);
  const engines = rows.map((row) =>
    fleetEngine(row, { general, time: basis.time }, alertsOf.get(row.fqdn) ?? NO_ALERTS),
  );
  const { provenAt } = await readHeartbeatState(sql);
  return { ...basis, engines, activeAlerts, provenAt };
}

const NO_ALERTS: readonly ActiveAlertRow[] = [];

export async function countUndelivered(sql: SqlRunner): Promise<number> {
  const [row]: { undelivered: number }[] = await sql.query(
    `SELECT count(*)::int AS undelivered FROM notification WHERE outcome = 'given_up'`,
  );
  return row!.undelivered;
}

/** @returns the general alert period separately; undefined if it cannot be read */
export async function readBasis(
  sql: SqlRunner,
): Promise<{ basis: ProductBasis; general: AlertPeriod | undefined }> {
  const [row]: Columns[] = await sql.query(
    `SELECT ${msOf('statement_timestamp()')} AS clock_at, ${msOf('last_check_at')} AS last_check_at,
       ${msOf('greatest(latest_now_at, last_check_at)')} AS latest_at, engines, raised, cleared,
       (SELECT jsonb_object_agg(option_name, option_value) FROM vdc_options WHERE version = 'general') AS options,
       (SELECT ${msOf('changed_at')} FROM vdc_options
        WHERE version = 'general' AND option_name = 'BackupAlertPeriodInDays') AS period_changed_at,
       (SELECT count(*)::int FROM outbox WHERE set_aside_at IS NULL) AS waiting,
       (SELECT count(*)::int FROM outbox WHERE set_aside_at IS NOT NULL) AS set_aside,
       (SELECT ${msOf('min(created_at)')} FROM outbox WHERE set_aside_at IS NULL) AS oldest_waiting_at,
       (SELECT ${msOf('restored_at')} FROM incarnation) AS restored_at, (SELECT ${msOf('copied_at')} FROM incarnation) AS copied_at
     FROM checker_state`,
  );
  if (!row)
    throw new Error('checker_state has no row: the schema creates it, so somebody deleted it');
  const time = decidingTime(row.clock_at, row.latest_at);
  const { waiting, engines, raised, cleared } = row;
  const settings = readFreshnessSettings(row.options ?? {});
  return {
    basis: {
      now: time.isKnown ? time.now : time.clockAt,
      time,
      settings,
      excludeMode: row.options?.['BackupExcludeMode'] ?? 'data',
      lastCheck:
        row.last_check_at === null ? null : { at: row.last_check_at, engines, raised, cleared },
      outbox: { waiting, setAside: row.set_aside, oldestWaitingAt: row.oldest_waiting_at },
      restored: row.restored_at === null ? null : { at: row.restored_at, copiedAt: row.copied_at },
    },
    general: settings.ok
      ? { days: settings.value.alertPeriodDays, changedAt: row.period_changed_at }
      : undefined,
  };
}

interface Columns {
  clock_at: number;
  latest_at: number | null;
  last_check_at: number | null;
  engines: number;
  raised: number;
  cleared: number;
  options: Record<string, string> | null;
  period_changed_at: number | null;
  waiting: number;
  set_aside: number;
  oldest_waiting_at: number | null;
  restored_at: number | null;
  copied_at: number | null;
}
