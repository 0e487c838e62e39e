import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { textField } from '../values/fields.js';

export const SIGNED_IN = 'SignedIn';

/** Somebody signs in to the console: by a token, by a link that works once, or by OpenID Connect. */
export const signedInData = z.object({
  ...administrationFields,
  by: textField.meta({ description: 'token, link or oidc.' }),
  address: textField.meta({ description: 'Where the request came from; that of a proxy, if any.' }),
});
export type SignedInData = z.input<typeof signedInData>;

export function signedIn(data: SignedInData): OutgoingEvent<SignedInData> {
  return administrationEvent(SIGNED_IN, data);
}

export const signedInExample: SignedInData = {
  who: 'token:reports',
  what: 'session',
  from: null,
  to: 'viewer',
  when: '2026-11-23T03:00:00.000Z',
  by: 'token',
  address: '192.0.2.7',
};
