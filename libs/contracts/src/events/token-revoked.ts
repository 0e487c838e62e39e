import { z } from 'zod';
import { administrationEvent, administrationFields } from './administration-event.js';
import type { OutgoingEvent } from './event.js';
import { fqdnField, textField } from '../values/fields.js';

export const TOKEN_REVOKED = 'TokenRevoked';

/** An administrator revokes a token, which ends the sessions that it has begun, or a badge, or one session. */
export const tokenRevokedData = z.object({
  ...administrationFields,
  name: textField.meta({ description: 'Of the token; the id of a badge or a session.' }),
  /** Of a badge about one engine. */
  fqdn: fqdnField.optional(),
  session_of: textField.meta({ description: 'Who has used the session.' }).optional(),
});
export type TokenRevokedData = z.input<typeof tokenRevokedData>;

export function tokenRevoked(data: TokenRevokedData): OutgoingEvent<TokenRevokedData> {
  return administrationEvent(TOKEN_REVOKED, data);
}

export const tokenRevokedExample: TokenRevokedData = {
  who: 'root',
  what: 'token',
  from: 'viewer',
  to: 'revoked',
  when: '2026-11-30T03:00:00.000Z',
  name: 'reports',
};
