import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { countField, instantField } from '../values/fields.js';

export const BACKUP_CHECK_COMPLETED = 'BackupCheckCompleted';

/** Why a check ran. */
const CHECK_REASONS = ['became_leader', 'never_checked', 'period_over'] as const;
export type CheckReason = (typeof CHECK_REASONS)[number];

/** All monitored engines have been decided; `from` and `to` are the times of the previous check and of this one. */
export const backupCheckCompletedData = z.object({
  ...administrationFields,
  engines: countField,
  fresh: countField,
  no_full_backup: countField,
  no_warm_backup: countField,
  raised: countField,
  cleared: countField,
  /** Engines without an alert whose backup's age is unknown; checkers before 0.2 do not send this. */
  unknown: countField.optional(),
  next_check_at: instantField.nullable(),
  /** Why it ran; checkers before 0.2 do not send this. */
  reason: z.enum(CHECK_REASONS, { error: `one of ${CHECK_REASONS.join(', ')}` }).optional(),
});
export type BackupCheckCompletedData = z.input<typeof backupCheckCompletedData>;

export function backupCheckCompleted(
  data: BackupCheckCompletedData,
): OutgoingEvent<BackupCheckCompletedData> {
  return administrationEvent(BACKUP_CHECK_COMPLETED, data);
}

export const backupCheckCompletedExample: BackupCheckCompletedData = {
  who: 'freshness-checker',
  what: 'check',
  from: '2026-11-22T21:00:00.000Z',
  to: '2026-11-23T03:00:00.000Z',
  when: '2026-11-23T03:00:00.000Z',
  engines: 3,
  fresh: 2,
  no_full_backup: 0,
  no_warm_backup: 1,
  raised: 1,
  cleared: 0,
  unknown: 0,
  next_check_at: '2026-11-23T09:00:00.000Z',
  reason: 'period_over',
};
