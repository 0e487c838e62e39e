import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import { LAST_SUCCESSES } from '@backup-awareness/database/reports';
import {
  alertPeriodOf,
  daysToMs,
  type AlertPeriod,
  type EngineAlertState,
  type EngineFacts,
  type FreshnessAlert,
  type Which,
} from '@backup-awareness/freshness';
import type { FleetRow } from './fleet-rows.js';

/** An engine with its last successes and its alert, from the database. Instants are whole milliseconds since 1970. */
export interface EngineRow extends FleetRow {
  readonly version: number;
  /** An administrator has added, changed or retired it since its last decision. */
  readonly isChanged: boolean;
  readonly state: EngineAlertState;
}

/** Which engines to read: those that a tick decides, the one with this name, or every one. */
export type EngineSelection = Which | 'every' | { readonly fqdn: string };

// About freshness or about a run.
const HAS_ALERT = 'engine.fqdn IN (SELECT alert.fqdn FROM alert WHERE alert.cleared_at IS NULL)';

const CONDITIONS: Readonly<Record<Which | 'every', string>> = {
  all: `engine.retired_at IS NULL OR ${HAS_ALERT} OR engine.version <> coalesce(s.decided_version, 0)`,
  pending: `${HAS_ALERT} OR (engine.version > 0 AND engine.version <> coalesce(s.decided_version, 0))`,
  every: 'true ORDER BY engine.fqdn',
};

/** Reads engines: `every` sorted by name, others in no promised order. The cost depends only on the number of engines. */
export async function readEngineRows(
  sql: SqlRunner,
  selection: EngineSelection,
): Promise<EngineRow[]> {
  const isOne = typeof selection === 'object';
  const rows: Columns[] = await sql.query(
    `SELECT engine.fqdn, ${msOf('engine.watched_since')} AS watched_since, ${msOf('engine.retired_at')} AS retired_at,
       engine.alert_period_days::float8 AS alert_period_days, ${msOf('engine.alert_period_changed_at')} AS alert_period_changed_at,
       engine.broker_user, engine.version,
       ${msOf('db.counted_at')} AS last_db_success_at, ${msOf('files.counted_at')} AS last_files_success_at,
       coalesce(s.last_sequence, (SELECT sequence_base FROM incarnation))::float8 AS last_sequence, s.decided_version, a.alert_id, a.alert, ${msOf('a.since')} AS since,
       ${msOf('a.decided_at')} AS decided_at, ${msOf('a.last_full_backup_at')} AS last_full_backup_at,
       a.alert_period_days::float8 AS raised_period_days, a.sequence::float8 AS sequence
     FROM engine ${LAST_SUCCESSES}
     LEFT JOIN engine_alert_state s ON s.fqdn = engine.fqdn
     LEFT JOIN alert a ON a.fqdn = engine.fqdn AND a.cleared_at IS NULL
       AND a.alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')
     WHERE ${isOne ? 'engine.fqdn = $1' : CONDITIONS[selection]}`,
    isOne ? [selection.fqdn] : [],
  );
  return rows.map(engineRow);
}

interface Columns {
  fqdn: string;
  watched_since: number;
  retired_at: number | null;
  alert_period_days: number | null;
  alert_period_changed_at: number | null;
  broker_user: string | null;
  version: number;
  last_db_success_at: number | null;
  last_files_success_at: number | null;
  /** Null until its first decision about an alert or an administrator's change. */
  last_sequence: number | null;
  decided_version: number | null;
  alert_id: string | null;
  alert: FreshnessAlert;
  since: number;
  decided_at: number;
  last_full_backup_at: number | null;
  raised_period_days: number;
  sequence: number;
}

function engineRow(row: Columns): EngineRow {
  return {
    fqdn: row.fqdn,
    watchedSinceAt: row.watched_since,
    retiredAt: row.retired_at,
    ownPeriod: { days: row.alert_period_days, changedAt: row.alert_period_changed_at },
    brokerUser: row.broker_user,
    version: row.version,
    isChanged: row.version !== (row.decided_version ?? 0),
    lastDbSuccessAt: row.last_db_success_at,
    lastFilesSuccessAt: row.last_files_success_at,
    state: { active: activeAlert(row), lastSequence: row.last_sequence ?? 0 },
  };
}

function activeAlert(row: Columns): EngineAlertState['active'] {
  if (row.alert_id === null) return null;
  return {
    alertId: row.alert_id,
    alert: row.alert,
    sinceAt: row.since,
    decidedAt: row.decided_at,
    lastFullBackupAt: row.last_full_backup_at,
    alertPeriodMs: daysToMs(row.raised_period_days),
    sequence: row.sequence,
  };
}

/** The facts for a decision, and the alert period in days: the engine's own, or else the general one. */
export function factsOf(
  row: FleetRow,
  general: AlertPeriod,
): { readonly facts: EngineFacts; readonly alertPeriodDays: number } {
  const period = alertPeriodOf(row.ownPeriod, general);
  const facts = {
    fqdn: row.fqdn,
    watchedSinceAt: row.watchedSinceAt,
    retired: row.retiredAt !== null,
    lastDbSuccessAt: row.lastDbSuccessAt,
    lastFilesSuccessAt: row.lastFilesSuccessAt,
    alertPeriodMs: daysToMs(period.days),
    alertPeriodChangedAt: period.changedAt,
  };
  return { facts, alertPeriodDays: period.days };
}
