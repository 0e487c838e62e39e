import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import { ALERTS } from './alert.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField, instantField, textField, uuidField } from '../values/fields.js';

export const ALERT_DISMISSED = 'AlertDismissed';

/** An administrator hides an alert from the default list and from people, with a reason; it stays active. */
export const alertDismissedData = z.object({
  ...administrationFields,
  fqdn: fqdnField,
  alert_id: uuidField,
  alert: z.enum(ALERTS, { error: `one of ${ALERTS.join(', ')}` }),
  /** Why; missing in events of earlier versions. */
  comment: textField.nullish(),
  /** When it is shown and sent again, if it is still active; null or missing: never. */
  until: instantField.nullish(),
});
export type AlertDismissedData = z.input<typeof alertDismissedData>;

export function alertDismissed(data: AlertDismissedData): OutgoingEvent<AlertDismissedData> {
  return administrationEvent(ALERT_DISMISSED, data);
}

export const alertDismissedExample: AlertDismissedData = {
  who: 'root',
  what: 'alert',
  from: 'active',
  to: 'dismissed',
  when: '2026-11-23T03:00:00.000Z',
  fqdn: 'engine.example.com',
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  alert: 'ENGINE_NO_WARM_BACKUP',
  comment: 'The engine moves to another data centre this week',
  until: '2026-11-30T08:00:00.000Z',
};
