import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { countField, textField } from '../values/fields.js';

export const SIGN_IN_FAILED = 'SignInFailed';

/** Sign-ins to the console have failed. Of many in short time only some have an event, which counts the others. */
export const signInFailedData = z.object({
  ...administrationFields,
  reason: textField,
  address: textField.meta({
    description: 'Where the latest came from; that of a proxy, if any.',
  }),
  failures: countField.meta({
    description: 'How many have failed at this console since its last such event, from anywhere.',
  }),
});
export type SignInFailedData = z.input<typeof signInFailedData>;

export function signInFailed(data: SignInFailedData): OutgoingEvent<SignInFailedData> {
  return administrationEvent(SIGN_IN_FAILED, data);
}

export const signInFailedExample: SignInFailedData = {
  who: 'unknown',
  what: 'session',
  from: null,
  to: null,
  when: '2026-11-23T03:00:00.000Z',
  reason: 'the token is unknown, expired or revoked',
  address: '192.0.2.7',
  failures: 1,
};
