import type { ActiveAlert, FreshnessAlert } from './alert-state.js';

/** Why an alert about freshness ended. */
export type FreshnessClearReason =
  'full_backup' | 'period_extended' | 'superseded' | 'disabled' | 'engine_retired';

/** Why any alert ended. */
export type ClearReason = FreshnessClearReason | 'run_ended' | 'later_run';

export type StuckBackupAlert = 'ENGINE_BACKUP_STUCK';

export interface AlertRaised extends ActiveAlert {
  readonly type: 'BackupAlertRaised';
  readonly fqdn: string;
  /** For a person: what is missing since when, and the command to run. */
  readonly message: string;
}

/** An alert about a run that does not end. Instants are whole milliseconds since 1970. */
export interface StuckBackupRaised extends Omit<ActiveAlert, 'alert'> {
  readonly type: 'BackupAlertRaised';
  readonly fqdn: string;
  readonly alert: StuckBackupAlert;
  /** Null: its reports have none. */
  readonly runId: string | null;
  /** Those without an end, sorted. */
  readonly scopes: readonly string[];
  readonly message: string;
}

export interface AlertCleared {
  readonly type: 'BackupAlertCleared';
  readonly fqdn: string;
  readonly alertId: string;
  readonly alert: FreshnessAlert | StuckBackupAlert;
  readonly sequence: number;
  /** The raise's `decidedAt`. */
  readonly raisedAt: number;
  /** It may be before `raisedAt` if an administrator accepted a clock that was set back between the two. */
  readonly clearedAt: number;
  readonly reason: ClearReason;
}

export type AlertEvent = AlertRaised | StuckBackupRaised | AlertCleared;
