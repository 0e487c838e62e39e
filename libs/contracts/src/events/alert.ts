/** The two alerts of freshness, of which an engine has at most one; the third is about a run that does not end, one for each run. */
export const ENGINE_NO_FULL_BACKUP = 'ENGINE_NO_FULL_BACKUP';
export const ENGINE_NO_WARM_BACKUP = 'ENGINE_NO_WARM_BACKUP';
export const ENGINE_BACKUP_STUCK = 'ENGINE_BACKUP_STUCK';

export const ALERTS = [ENGINE_NO_FULL_BACKUP, ENGINE_NO_WARM_BACKUP, ENGINE_BACKUP_STUCK] as const;
export type Alert = (typeof ALERTS)[number];

/** The names of alerts at destinations, such as the label `alertname` in Alertmanager. Each has a page in docs/runbooks. */
export const NOTIFIED_NAMES = {
  ENGINE_NO_FULL_BACKUP: 'EngineNoFullBackup',
  ENGINE_NO_WARM_BACKUP: 'EngineNoWarmBackup',
  ENGINE_BACKUP_STUCK: 'EngineBackupStuck',
  /** Not an alert of one engine: many have no fresh full backup. */
  MANY_ENGINES: 'ManyEnginesWithoutFreshBackup',
  /** Nor is this one: whether backups are fresh is unknown. */
  STATUS_UNKNOWN: 'BackupAwarenessUnknown',
} as const satisfies Record<Alert | 'MANY_ENGINES' | 'STATUS_UNKNOWN', string>;

export const CLEAR_REASONS = [
  'full_backup',
  'period_extended',
  'superseded',
  'disabled',
  'engine_retired',
  'run_ended',
  'later_run',
] as const;
export type ClearReason = (typeof CLEAR_REASONS)[number];
