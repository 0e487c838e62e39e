import type { ActiveAlert, FreshnessAlert } from './alert-state.js';

/** Why an alert ended. */
export type ClearReason =
  'full_backup' | 'period_extended' | 'superseded' | 'disabled' | 'engine_retired';

export interface AlertRaised extends ActiveAlert {
  type: 'BackupAlertRaised';
  fqdn: string;
  /** In words for a person: what is missing since when, and the command to run. */
  message: string;
}

export interface AlertCleared {
  type: 'BackupAlertCleared';
  fqdn: string;
  alertId: string;
  alert: FreshnessAlert;
  sequence: number;
  /** The raise's `decidedAt`. */
  raisedAt: number;
  /** May lie before `raisedAt` where an administrator accepted a clock that was put back between the two. */
  clearedAt: number;
  reason: ClearReason;
}

export type AlertEvent = AlertRaised | AlertCleared;
