import type { ActiveAlert, FreshnessAlert } from './alert-state.js';

/** Why an alert ended. */
export type ClearReason =
  'full_backup' | 'period_extended' | 'superseded' | 'disabled' | 'engine_retired';

export interface AlertRaised extends ActiveAlert {
  readonly type: 'BackupAlertRaised';
  readonly fqdn: string;
  /** For a person: what is missing since when, and the command to run. */
  readonly message: string;
}

export interface AlertCleared {
  readonly type: 'BackupAlertCleared';
  readonly fqdn: string;
  readonly alertId: string;
  readonly alert: FreshnessAlert;
  readonly sequence: number;
  /** The raise's `decidedAt`. */
  readonly raisedAt: number;
  /** It may be before `raisedAt` if an administrator accepted a clock that was set back between the two. */
  readonly clearedAt: number;
  readonly reason: ClearReason;
}

export type AlertEvent = AlertRaised | AlertCleared;
