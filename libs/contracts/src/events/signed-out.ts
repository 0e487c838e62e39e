import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';

export const SIGNED_OUT = 'SignedOut';

/** Somebody signs out of the console. A session that ends by itself has no event. */
export const signedOutData = z.object(administrationFields);
export type SignedOutData = z.input<typeof signedOutData>;

export function signedOut(data: SignedOutData): OutgoingEvent<SignedOutData> {
  return administrationEvent(SIGNED_OUT, data);
}

export const signedOutExample: SignedOutData = {
  who: 'token:reports',
  what: 'session',
  from: 'viewer',
  to: null,
  when: '2026-11-23T11:00:00.000Z',
};
