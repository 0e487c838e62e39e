/** The two alerts of freshness, of which an engine has at most one; the third is about an unfinished run. */
export const ENGINE_NO_FULL_BACKUP = 'ENGINE_NO_FULL_BACKUP';
export const ENGINE_NO_WARM_BACKUP = 'ENGINE_NO_WARM_BACKUP';
export const ENGINE_BACKUP_STUCK = 'ENGINE_BACKUP_STUCK';

export const ALERTS = [ENGINE_NO_FULL_BACKUP, ENGINE_NO_WARM_BACKUP, ENGINE_BACKUP_STUCK] as const;
export type Alert = (typeof ALERTS)[number];

export const CLEAR_REASONS = [
  'full_backup',
  'period_extended',
  'superseded',
  'disabled',
  'engine_retired',
  'run_ended',
] as const;
export type ClearReason = (typeof CLEAR_REASONS)[number];
