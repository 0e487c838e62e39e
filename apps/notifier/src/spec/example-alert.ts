import type { AlertRow } from '@backup-awareness/overview/state';

export const NOW = Date.UTC(2026, 10, 23, 12);
export const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** An active alert that was raised an hour ago, with the given fields replaced. */
export function exampleAlert(fields: Partial<AlertRow> = {}): AlertRow {
  return {
    alertId: '01900000-0000-7000-8000-000000000001',
    alert: 'ENGINE_NO_FULL_BACKUP',
    fqdn: 'engine.example.com',
    sinceAt: NOW - HOUR_MS,
    decidedAt: NOW - HOUR_MS,
    lastFullBackupAt: null,
    sequence: 1,
    message: 'engine.example.com has no full backup: run engine-backup',
    clearedAt: null,
    reason: null,
    dismissedAt: null,
    dismissedBy: null,
    dismissedUntil: null,
    dismissalComment: null,
    shownAgainAt: null,
    ...fields,
  };
}
