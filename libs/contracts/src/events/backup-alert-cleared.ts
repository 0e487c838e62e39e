import { z } from 'zod';
import { ALERTS, CLEAR_REASONS } from './alert.js';
import { newEventId } from './event-id.js';
import { engineSource, type OutgoingEvent } from './event.js';
import { fqdnField, instantField, sequenceField, uuidField } from '../values/fields.js';
import { ALERTS_EXCHANGE } from '../topology/topology.js';

export const BACKUP_ALERT_CLEARED = 'BackupAlertCleared';

/** A raised alert is no longer true. */
export const backupAlertClearedData = z.object({
  alert_id: uuidField.meta({ description: 'That of its BackupAlertRaised.' }),
  alert: z.enum(ALERTS, { error: `one of ${ALERTS.join(', ')}` }),
  fqdn: fqdnField.meta({ description: 'The engine.' }),
  sequence: sequenceField.meta({
    description: 'Counts the events of one engine: 1, 2, 3, without gaps.',
  }),
  raised_at: instantField.meta({ description: 'The `decided_at` of its BackupAlertRaised.' }),
  cleared_at: instantField,
  reason: z
    .enum(CLEAR_REASONS, { error: `one of ${CLEAR_REASONS.join(', ')}` })
    .meta({ description: 'Why it is no longer true.' }),
});
export type BackupAlertClearedData = z.input<typeof backupAlertClearedData>;

export function backupAlertCleared(
  data: BackupAlertClearedData,
): OutgoingEvent<BackupAlertClearedData> {
  return {
    id: newEventId(),
    name: BACKUP_ALERT_CLEARED,
    exchange: ALERTS_EXCHANGE,
    routingKey: `${BACKUP_ALERT_CLEARED}.${data.alert}`,
    source: engineSource(data.fqdn),
    subject: data.alert,
    time: data.cleared_at,
    data,
  };
}

export const backupAlertClearedExample: BackupAlertClearedData = {
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  alert: 'ENGINE_NO_WARM_BACKUP',
  fqdn: 'engine.example.com',
  sequence: 8,
  raised_at: '2026-11-23T03:00:00.000Z',
  cleared_at: '2026-11-23T03:20:11.482Z',
  reason: 'full_backup',
};

export const stuckBackupClearedExample: BackupAlertClearedData = {
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e43',
  alert: 'ENGINE_BACKUP_STUCK',
  fqdn: 'engine.example.com',
  sequence: 10,
  raised_at: '2026-11-23T15:00:00.000Z',
  cleared_at: '2026-11-24T01:31:07.115Z',
  reason: 'later_run',
};
