import { z } from 'zod';
import { backupAlertRaisedExample } from './backup-alert-raised.js';
import { BACKUP_ALERT_RAISED } from './backup-alert-raised.js';
import { cloudEventOf, engineSource } from './event.js';
import { countField, sequenceField } from '../values/fields.js';

/** How many alerts, and how many engines, a part of the answer has at most. */
export const ACTIVE_ALERTS_AT_ONCE = 500;

/** One of the messages that answer ACTIVE_ALERTS_REQUESTED; all have the `correlation_id` of the request. */
export const activeAlertsPart = z.object({
  alerts: z.array(z.record(z.string(), z.unknown())).meta({
    description:
      'The active alerts of some engines, each the CloudEvent that raised it, with its `traceparent` if it had one.',
  }),
  sequence: z.record(z.string(), sequenceField).meta({
    description:
      'The last sequence number of each of these engines. Whatever an event says whose number is not higher is in this answer.',
  }),
  part: countField.min(1).meta({ description: 'Counts the parts of an answer: 1, 2, 3.' }),
  last: z.boolean().meta({ description: 'Whether this is the last part.' }),
});
export type ActiveAlertsPart = z.input<typeof activeAlertsPart>;

export const activeAlertsExample: ActiveAlertsPart = {
  alerts: [
    {
      ...cloudEventOf({
        id: backupAlertRaisedExample.alert_id,
        name: BACKUP_ALERT_RAISED,
        source: engineSource(backupAlertRaisedExample.fqdn),
        subject: backupAlertRaisedExample.alert,
        time: backupAlertRaisedExample.decided_at,
        traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00',
        data: backupAlertRaisedExample,
      }),
    },
  ],
  sequence: { 'engine.example.com': 7, 'other.example.com': 4 },
  part: 1,
  last: true,
};
