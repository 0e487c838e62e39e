import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { instantField } from '../values/fields.js';

export const HEARTBEAT = 'Heartbeat';

/**
 * The leader of the checkers has decided at `to`, and the previous heartbeat that it wrote is of `from`. It shows that events get through:
 * its arrival is recorded, and the audit log keeps none.
 */
export const heartbeatData = z.object({
  ...administrationFields,
  from: instantField.nullable(),
  to: instantField,
});
export type HeartbeatData = z.input<typeof heartbeatData>;

export function heartbeat(data: HeartbeatData): OutgoingEvent<HeartbeatData> {
  return administrationEvent(HEARTBEAT, data);
}

export const heartbeatExample: HeartbeatData = {
  who: 'freshness-checker',
  what: 'heartbeat',
  from: '2026-11-23T02:59:00.000Z',
  to: '2026-11-23T03:00:00.000Z',
  when: '2026-11-23T03:00:00.000Z',
};
