import { LAST_SUCCESSES, msOf, type SqlRunner } from '@backup-awareness/database';
import {
  alertPeriodOf,
  daysToMs,
  type AlertPeriod,
  type EngineAlertState,
  type EngineToDecide,
  type FreshnessAlert,
  type Which,
} from '@backup-awareness/freshness';

/** An engine as it is read for a decision. Instants are whole milliseconds since 1970. */
export interface EngineRow extends EngineToDecide {
  /** Its own, or else the general one. */
  readonly alertPeriodDays: number;
  readonly version: number;
}

const WHICH_SQL: Record<Which, string> = {
  all: `engine.retired_at IS NULL OR a.alert_id IS NOT NULL OR engine.version <> coalesce(s.decided_version, 0)`,
  pending: `a.alert_id IS NOT NULL OR (engine.version > 0 AND engine.version <> coalesce(s.decided_version, 0))`,
};

/** Reads the engines to decide, each with its last successes and its alert, at a cost that goes with their number alone. */
export async function readEngines(
  transaction: SqlRunner,
  which: Which,
  general: AlertPeriod,
): Promise<EngineRow[]> {
  const rows: Columns[] = await transaction.query(
    `SELECT engine.fqdn, ${msOf('engine.watched_since')} AS watched_since, engine.retired_at IS NOT NULL AS retired,
       engine.alert_period_days, ${msOf('engine.alert_period_changed_at')} AS alert_period_changed_at, engine.version,
       ${msOf('db.counted_at')} AS last_db_success_at, ${msOf('files.counted_at')} AS last_files_success_at,
       s.last_sequence, s.decided_version, a.alert_id, a.alert, ${msOf('a.since')} AS since, ${msOf('a.decided_at')} AS decided_at,
       ${msOf('a.last_full_backup_at')} AS last_full_backup_at, a.alert_period_days AS raised_period_days, a.sequence
     FROM engine ${LAST_SUCCESSES}
     LEFT JOIN engine_alert_state s ON s.fqdn = engine.fqdn
     LEFT JOIN alert a ON a.fqdn = engine.fqdn AND a.cleared_at IS NULL
       AND a.alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')
     WHERE ${WHICH_SQL[which]}`,
  );
  return rows.map((row) => engineRow(row, general));
}

interface Columns {
  fqdn: string;
  watched_since: number;
  retired: boolean;
  alert_period_days: string | null;
  alert_period_changed_at: number | null;
  version: number;
  last_db_success_at: number | null;
  last_files_success_at: number | null;
  /** Null until its first alert or an administrator's first change was decided. */
  last_sequence: string | null;
  decided_version: number | null;
  alert_id: string | null;
  alert: FreshnessAlert;
  since: number;
  decided_at: number;
  last_full_backup_at: number | null;
  raised_period_days: string;
  sequence: string;
}

function engineRow(row: Columns, general: AlertPeriod): EngineRow {
  const ownDays = row.alert_period_days === null ? null : Number(row.alert_period_days);
  const own = { days: ownDays, changedAt: row.alert_period_changed_at };
  const period = alertPeriodOf(own, general);
  return {
    facts: {
      fqdn: row.fqdn,
      watchedSinceAt: row.watched_since,
      retired: row.retired,
      lastDbSuccessAt: row.last_db_success_at,
      lastFilesSuccessAt: row.last_files_success_at,
      alertPeriodMs: daysToMs(period.days),
      alertPeriodChangedAt: period.changedAt,
    },
    state: { active: activeAlert(row), lastSequence: Number(row.last_sequence ?? 0) },
    alertPeriodDays: period.days,
    version: row.version,
    isChanged: row.version !== (row.decided_version ?? 0),
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
    alertPeriodMs: daysToMs(Number(row.raised_period_days)),
    sequence: Number(row.sequence),
  };
}
