import { EngineBackupLogDao, msOf, type LastFullBackup } from '@backup-awareness/database';
import {
  alertPeriodOf,
  daysToMs,
  type AlertPeriod,
  type EngineAlertState,
  type EngineToDecide,
  type FreshnessAlert,
  type Which,
} from '@backup-awareness/freshness';
import type { EntityManager } from 'typeorm';

/** An engine as it is read for a decision. Instants are whole milliseconds since 1970. */
export interface EngineRow extends EngineToDecide {
  /** Its own, or else the general one. */
  readonly alertPeriodDays: number;
  readonly version: number;
}

const WHICH_SQL: Record<Which, string> = {
  all: `e.retired_at IS NULL OR a.alert_id IS NOT NULL OR e.version <> coalesce(s.decided_version, 0)`,
  pending: `a.alert_id IS NOT NULL OR (e.version > 0 AND e.version <> coalesce(s.decided_version, 0))`,
};

/** Reads the engines to decide, each with its last successes and its alert, at a cost that goes with their number alone. */
export async function readEngines(
  transaction: EntityManager,
  which: Which,
  general: AlertPeriod,
): Promise<EngineRow[]> {
  const rows: Columns[] = await transaction.query(
    `SELECT e.fqdn, ${msOf('e.watched_since')} AS watched_since, e.retired_at IS NOT NULL AS retired,
       e.alert_period_days, ${msOf('e.alert_period_changed_at')} AS alert_period_changed_at, e.version,
       coalesce(s.last_sequence, 0) AS last_sequence, coalesce(s.decided_version, 0) AS decided_version,
       a.alert_id, a.alert, ${msOf('a.since')} AS since, ${msOf('a.decided_at')} AS decided_at,
       ${msOf('a.last_full_backup_at')} AS last_full_backup_at, a.alert_period_days AS raised_period_days, a.sequence
     FROM engine e
     LEFT JOIN engine_alert_state s ON s.fqdn = e.fqdn
     LEFT JOIN alert a ON a.fqdn = e.fqdn AND a.cleared_at IS NULL
       AND a.alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')
     WHERE ${WHICH_SQL[which]}
     ORDER BY e.fqdn`,
  );
  if (rows.length === 0) return [];
  const dao = new EngineBackupLogDao(transaction);
  const backups = await dao.lastFullBackups(
    which === 'all' ? undefined : rows.map(({ fqdn }) => fqdn),
  );
  const backupOf = new Map(backups.map((backup) => [backup.fqdn, backup]));
  return rows.map((row) => engineRow(row, backupOf.get(row.fqdn), general));
}

interface Columns {
  fqdn: string;
  watched_since: number;
  retired: boolean;
  alert_period_days: string | null;
  alert_period_changed_at: number | null;
  version: number;
  last_sequence: string;
  decided_version: number;
  alert_id: string | null;
  alert: FreshnessAlert;
  since: number;
  decided_at: number;
  last_full_backup_at: number | null;
  raised_period_days: string;
  sequence: string;
}

function engineRow(
  row: Columns,
  backup: LastFullBackup | undefined,
  general: AlertPeriod,
): EngineRow {
  const ownDays = row.alert_period_days === null ? null : Number(row.alert_period_days);
  const own = { days: ownDays, changedAt: row.alert_period_changed_at };
  const period = alertPeriodOf(own, general);
  return {
    facts: {
      fqdn: row.fqdn,
      watchedSinceAt: row.watched_since,
      retired: row.retired,
      lastDbSuccessAt: backup?.lastDbSuccessAt?.getTime() ?? null,
      lastFilesSuccessAt: backup?.lastFilesSuccessAt?.getTime() ?? null,
      alertPeriodMs: daysToMs(period.days),
      alertPeriodChangedAt: period.changedAt,
    },
    state: { active: activeAlert(row), lastSequence: Number(row.last_sequence) },
    alertPeriodDays: period.days,
    version: row.version,
    isChanged: row.version !== row.decided_version,
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
