import type { AlertRow } from '@backup-awareness/overview/state';

/** An alert in a few words. */
export function alertInWords({ alert, fqdn }: Pick<AlertRow, 'alert' | 'fqdn'>): string {
  switch (alert) {
    case 'ENGINE_NO_FULL_BACKUP':
      return `${fqdn} has no full backup`;
    case 'ENGINE_NO_WARM_BACKUP':
      return `The last full backup of ${fqdn} is too old`;
    case 'ENGINE_BACKUP_STUCK':
      return `A backup run of ${fqdn} is stuck`;
    default:
      return `${fqdn}: ${alert}`;
  }
}

const WHY_CLEARED: Readonly<Record<string, string>> = {
  full_backup: 'there is a new full backup',
  period_extended: 'the limit was raised',
  superseded: 'another alert takes its place',
  disabled: 'the feature was disabled',
  engine_retired: 'the engine was retired',
  run_ended: 'the run has ended',
  later_run: 'a later run has completed',
};

/** Why an alert was cleared: not always because of a backup. */
export function clearedInWords(reason: string | null): string {
  return WHY_CLEARED[reason ?? ''] ?? reason ?? 'no reason was given';
}

/** An instant for people, in UTC to the second. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
