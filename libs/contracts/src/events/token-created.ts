import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField, instantField, textField } from '../values/fields.js';

export const TOKEN_CREATED = 'TokenCreated';

/** An administrator creates a token for the console's API, or the address of a badge. It says nothing of the secret. */
export const tokenCreatedData = z.object({
  ...administrationFields,
  name: textField.meta({ description: 'Of the token; the id of a badge.' }),
  /** Null: it does not expire. */
  expires_at: instantField.nullable(),
  /** Of a badge about one engine. */
  fqdn: fqdnField.optional(),
});
export type TokenCreatedData = z.input<typeof tokenCreatedData>;

export function tokenCreated(data: TokenCreatedData): OutgoingEvent<TokenCreatedData> {
  return administrationEvent(TOKEN_CREATED, data);
}

export const tokenCreatedExample: TokenCreatedData = {
  who: 'root',
  what: 'token',
  from: null,
  to: 'viewer',
  when: '2026-11-23T03:00:00.000Z',
  name: 'reports',
  expires_at: '2027-02-21T03:00:00.000Z',
};
