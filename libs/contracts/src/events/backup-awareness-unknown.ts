import { z } from 'zod';
import type { DataDescription } from './events.js';
import { instantField, textField } from '../values/fields.js';

export const BACKUP_AWARENESS_UNKNOWN = 'BackupAwarenessUnknown';
export const BACKUP_AWARENESS_KNOWN = 'BackupAwarenessKnown';

/** Whether backups are fresh is not known; only webhooks get this event, since the broker may be what is lost. */
export const backupAwarenessUnknownData = z.object({
  unknown_id: textField.meta({ description: 'The same in its BackupAwarenessKnown.' }),
  since: instantField.meta({ description: 'Since when it is not known.' }),
  reason: textField.meta({ description: 'Why, for people.' }),
});

/** It is known again. */
export const backupAwarenessKnownData = z.object({
  unknown_id: textField.meta({ description: 'That of its BackupAwarenessUnknown.' }),
  since: instantField.meta({ description: 'Since when it was not known.' }),
  ended_at: instantField.meta({ description: 'Since when it is known again.' }),
});

export const backupAwarenessUnknownExample = {
  unknown_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e44',
  since: '2026-11-23T03:00:00.000Z',
  reason: 'a check is overdue since 2026-11-23 02:55:00 UTC',
};
export const backupAwarenessKnownExample = {
  unknown_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e44',
  since: '2026-11-23T03:00:00.000Z',
  ended_at: '2026-11-23T03:20:00.000Z',
};

/** Events that webhooks alone get, for documents and for tests. */
export const WEBHOOK_EVENTS: readonly DataDescription[] = [
  {
    name: BACKUP_AWARENESS_UNKNOWN,
    summary: 'Whether backups are fresh is not known: the absence of alerts means nothing',
    data: backupAwarenessUnknownData,
    example: backupAwarenessUnknownExample,
  },
  {
    name: BACKUP_AWARENESS_KNOWN,
    summary: 'Whether backups are fresh is known again',
    data: backupAwarenessKnownData,
    example: backupAwarenessKnownExample,
  },
];
