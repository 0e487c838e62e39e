import { signOut } from '@backup-awareness/database';
import { hostname } from 'node:os';
import { z } from 'zod';
import type { Access } from '../access/identify.js';
import { refuseOtherSites } from '../access/own-site.js';
import { csrfTokenOf, readSessionCookie, setSessionCookie } from '../access/session-cookie.js';
import { signInByToken } from '../access/sign-in.js';
import { endpoint, type Endpoint } from '../http/endpoint.js';

const sessionSchema = z
  .strictObject({
    who: z.string(),
    role: z.enum(['viewer', 'operator']),
    /** For the header X-CSRF-Token of every change; null for a token, which needs none. */
    csrf_token: z.string().nullable(),
    /** The command that reports a backup that was not made, of this engine, where one is set up for that. */
    trial: z.strictObject({ fqdn: z.string(), command: z.string() }).nullable(),
  })
  .meta({ id: 'Session' });

function trialOf({ trialCommand: command }: Access) {
  return command === undefined ? null : { fqdn: hostname().toLowerCase(), command };
}

export const SESSION_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/sign-in',
    summary: 'Which ways of signing in there are; oidc begins at /sign-in/oidc',
    needs: 'nobody',
    schemas: {},
    answer: z
      .strictObject({ ways: z.array(z.enum(['token', 'oidc'])) })
      .meta({ id: 'WaysOfSigningIn' }),
    handle: ({ access: { oidc } }) => ({ ways: ['token', ...(oidc ? ['oidc'] : [])] }),
  }),
  endpoint({
    method: 'GET',
    path: '/session',
    summary: 'Who is signed in',
    needs: 'viewer',
    schemas: {},
    answer: sessionSchema,
    handle: ({ identity: { who, role }, request, access }) => {
      const session = readSessionCookie(request, access.isOverTls);
      const isByCookie = request.headers.authorization === undefined && session !== undefined;
      return {
        who,
        role,
        csrf_token: isByCookie ? csrfTokenOf(session) : null,
        trial: trialOf(access),
      };
    },
  }),
  endpoint({
    method: 'POST',
    path: '/session',
    summary: 'Sign a browser in by a token; it gets a cookie',
    needs: 'nobody',
    schemas: {
      body: z.strictObject({
        token: z.string({ error: 'a token' }).max(200, { error: 'a token' }),
      }),
    },
    answer: sessionSchema,
    handle: async ({ request, reply, access, body: { token } }) => {
      refuseOtherSites(request, access.ownSite);
      const { identity, session } = await signInByToken(request, reply, access, token);
      return { ...identity, csrf_token: csrfTokenOf(session), trial: trialOf(access) };
    },
  }),
  endpoint({
    method: 'DELETE',
    path: '/session',
    summary: 'Sign out',
    needs: 'viewer',
    schemas: {},
    handle: async ({ db, request, reply, access }) => {
      const session = readSessionCookie(request, access.isOverTls);
      if (session !== undefined) await signOut(db, session);
      setSessionCookie(reply, null, access.isOverTls);
    },
  }),
];
