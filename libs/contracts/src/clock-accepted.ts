import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { countField, instantField, textField } from './fields.js';

export const CLOCK_ACCEPTED = 'ClockAccepted';

/**
 * An administrator accepts the database's present clock (`to`) as right; `from` is the latest `now` of any decision before, null if
 * nothing had been decided. `discounted` successes lay in the future and no longer count.
 */
export const clockAcceptedData = z.object({
  ...administrationFields,
  from: instantField.nullable(),
  to: instantField,
  comment: textField,
  discounted: countField,
});
export type ClockAcceptedData = z.input<typeof clockAcceptedData>;

export function clockAccepted(data: ClockAcceptedData): OutgoingEvent<ClockAcceptedData> {
  return administrationEvent(CLOCK_ACCEPTED, data);
}

export const clockAcceptedExample: ClockAcceptedData = {
  who: 'root',
  what: 'clock',
  from: '2026-11-24T15:00:00.000Z',
  to: '2026-11-23T03:00:00.000Z',
  when: '2026-11-23T03:00:00.000Z',
  comment: 'The time server was a day and a half ahead',
  discounted: 2,
};
