import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import { ALERTS } from './alert.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField, uuidField } from '../values/fields.js';

export const ALERT_DISMISSAL_ENDED = 'AlertDismissalEnded';

/** An administrator ends the dismissal of an alert: it is shown and sent again, if it is still active. */
export const alertDismissalEndedData = z.object({
  ...administrationFields,
  fqdn: fqdnField,
  alert_id: uuidField,
  alert: z.enum(ALERTS, { error: `one of ${ALERTS.join(', ')}` }),
});
export type AlertDismissalEndedData = z.input<typeof alertDismissalEndedData>;

export function alertDismissalEnded(
  data: AlertDismissalEndedData,
): OutgoingEvent<AlertDismissalEndedData> {
  return administrationEvent(ALERT_DISMISSAL_ENDED, data);
}

export const alertDismissalEndedExample: AlertDismissalEndedData = {
  who: 'root',
  what: 'alert',
  from: 'dismissed',
  to: 'active',
  when: '2026-11-24T08:00:00.000Z',
  fqdn: 'engine.example.com',
  alert_id: '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  alert: 'ENGINE_NO_WARM_BACKUP',
};
