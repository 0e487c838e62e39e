import {
  alertDismissalEnded,
  alertDismissalEndedExample,
  alertDismissed,
  alertDismissedExample,
  CLOUD_EVENT_CONTENT_TYPE,
  encodeCloudEvent,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import { hintOf } from './hint.js';

const hintOfEvent = (event: OutgoingEvent) =>
  hintOf(
    {
      body: encodeCloudEvent(event),
      exchange: event.exchange,
      routingKey: event.routingKey,
      contentType: CLOUD_EVENT_CONTENT_TYPE,
      messageId: event.id,
      type: event.name,
      userId: 'checker',
      headers: {},
    },
    'checker',
  );

test.each([
  ['dismissed', alertDismissed(alertDismissedExample)],
  ['no longer dismissed', alertDismissalEnded(alertDismissalEndedExample)],
])('an alert that is %s is announced as a change of that alert', (_, event) => {
  expect(hintOfEvent(event)?.announce(true)).toMatchObject({
    kind: 'alert',
    data: { event: event.name, in_audit_log: true },
  });
});
