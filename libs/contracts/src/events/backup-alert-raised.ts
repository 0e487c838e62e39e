import { z } from 'zod';
import { ALERTS } from './alert.js';
import { engineSource, type OutgoingEvent } from './event.js';
import {
  daysField,
  fqdnField,
  instantField,
  runIdField,
  sequenceField,
  textField,
  uuidField,
} from '../values/fields.js';
import { SCOPE, SCOPE_EXPECTED } from '../values/scope.js';
import { ALERTS_EXCHANGE } from '../topology/topology.js';

export const BACKUP_ALERT_RAISED = 'BackupAlertRaised';

/** An engine has no full backup, one that is too old, or a run that does not end. */
export const backupAlertRaisedData = z.object({
  alert_id: uuidField.meta({ description: 'The same in its BackupAlertCleared.' }),
  alert: z.enum(ALERTS, { error: `one of ${ALERTS.join(', ')}` }),
  fqdn: fqdnField.meta({ description: 'The engine.' }),
  run_id: runIdField
    .optional()
    .meta({ description: 'Only for a run that does not end, and only if its reports have one.' }),
  scopes: z
    .array(z.string().regex(SCOPE, { error: SCOPE_EXPECTED }))
    .min(1)
    .optional()
    .meta({
      description:
        'Only for a run that does not end: the scopes that it started and that have not ended.',
    }),
  since: instantField.meta({
    description:
      'When it became true, not when it was noticed; for a run that does not end, when it started.',
  }),
  decided_at: instantField.meta({ description: 'When it was decided.' }),
  last_full_backup_at: instantField.nullable().meta({
    description:
      'The earlier of the last completed backups of db and files; null if one of them is missing.',
  }),
  alert_period_days: daysField.meta({
    description: 'The maximum age of the last full backup, in days.',
  }),
  sequence: sequenceField.meta({
    description: 'Counts the events of one engine: 1, 2, 3, without gaps.',
  }),
  message: textField.meta({
    description: 'For people: what is missing, since when, and the command to run.',
  }),
});
export type BackupAlertRaisedData = z.input<typeof backupAlertRaisedData>;

export function backupAlertRaised(
  data: BackupAlertRaisedData,
): OutgoingEvent<BackupAlertRaisedData> {
  return {
    // An alert is raised once. Who is given the active alerts knows this one from its event.
    id: data.alert_id,
    name: BACKUP_ALERT_RAISED,
    exchange: ALERTS_EXCHANGE,
    routingKey: `${BACKUP_ALERT_RAISED}.${data.alert}`,
    source: engineSource(data.fqdn),
    subject: data.alert,
    time: data.decided_at,
    data,
  };
}

export const backupAlertRaisedExample: BackupAlertRaisedData = {
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  alert: 'ENGINE_NO_WARM_BACKUP',
  fqdn: 'engine.example.com',
  since: '2026-11-23T01:10:42.000Z',
  decided_at: '2026-11-23T03:00:00.000Z',
  last_full_backup_at: '2026-11-22T01:10:42.000Z',
  alert_period_days: 1,
  sequence: 7,
  message:
    'The last full backup of engine.example.com is too old: it was completed at 2026-11-22 01:10:42 UTC, 1 d 1 h ago; the maximum age is 1 day, exceeded since 2026-11-23 01:10:42 UTC.',
};

export const stuckBackupRaisedExample: BackupAlertRaisedData = {
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e43',
  alert: 'ENGINE_BACKUP_STUCK',
  fqdn: 'engine.example.com',
  run_id: '019ab0c4-5f6e-7a31-9d55-0f0f7e6b7a10',
  scopes: ['db', 'files'],
  since: '2026-11-23T01:10:42.000Z',
  decided_at: '2026-11-23T15:00:00.000Z',
  last_full_backup_at: '2026-11-22T01:10:42.000Z',
  alert_period_days: 1,
  sequence: 9,
  message:
    'A backup of engine.example.com (run 019ab0c4-5f6e-7a31-9d55-0f0f7e6b7a10) has not ended: db, files. It started at 2026-11-23 01:10:42 UTC, 13 h 49 min ago; the maximum duration is 12 hours.',
};
