import { z } from 'zod';
import { ALERTS } from './alert.js';
import { engineSource, newEventId, type OutgoingEvent } from './event.js';
import {
  daysField,
  fqdnField,
  instantField,
  runIdField,
  sequenceField,
  textField,
  uuidField,
} from './fields.js';
import { ALERTS_EXCHANGE } from './topology.js';

export const BACKUP_ALERT_RAISED = 'BackupAlertRaised';

/** An engine has no full backup, or one that is too old. */
export const backupAlertRaisedData = z.object({
  alert_id: uuidField,
  alert: z.enum(ALERTS, { error: `one of ${ALERTS.join(', ')}` }),
  fqdn: fqdnField,
  run_id: runIdField.optional(),
  /** When it became true, not when it was noticed. */
  since: instantField,
  decided_at: instantField,
  last_full_backup_at: instantField.nullable(),
  alert_period_days: daysField,
  sequence: sequenceField,
  message: textField,
});
export type BackupAlertRaisedData = z.input<typeof backupAlertRaisedData>;

export function backupAlertRaised(
  data: BackupAlertRaisedData,
): OutgoingEvent<BackupAlertRaisedData> {
  return {
    id: newEventId(),
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
