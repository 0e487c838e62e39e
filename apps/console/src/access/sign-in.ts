import {
  ensureDatabaseReady,
  findToken,
  signIn,
  useSignInLink,
  type Identity,
  type SignIn,
} from '@backup-awareness/database';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { noteFailure, type Access } from './identify.js';
import { refuseOtherHosts } from './own-site.js';
import { Refusal } from './refusal.js';
import { readSessionCookie, setSessionCookie } from './session-cookie.js';

export type ErrorHandler = (
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
) => unknown;

/** The link that `npm start` prints: it signs in once, and leads to the page. */
export function serveSignIn(
  server: FastifyInstance,
  access: Access,
  errorHandler: ErrorHandler,
): void {
  server.get<{ Querystring: { link?: unknown } }>(
    '/sign-in',
    // Previews of links ask with HEAD, which must not use the link up.
    { errorHandler: errorHandler as never, exposeHeadRoute: false },
    async (request, reply) => {
      const { link } = request.query;
      await beginBrowserSession(request, reply, access, async () => {
        const identity =
          typeof link === 'string' ? await useSignInLink(access.db, link) : undefined;
        if (!identity)
          throw new Refusal(
            'link_used',
            401,
            'the link is used or expired: get another from npm start',
          );
        return { identity, by: 'link', tokenId: null };
      });
      return reply.header('cache-control', 'no-store').redirect('/', 303);
    },
  );
}

/** Signs a browser in by a token. @throws Problem 401 or 429 */
export async function signInByToken(
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
  token: string,
): Promise<{ readonly identity: Identity; readonly session: string }> {
  return beginBrowserSession(request, reply, access, async () => {
    const found = await findToken(access.db, token);
    if (!found) throw new Problem(401, 'the token is unknown, expired or revoked');
    const { who, role, tokenId } = found;
    return { identity: { who, role }, by: 'token', tokenId };
  });
}

/** Begins a new session always, so that nobody can have set its secret before; the session of before is ended. */
export async function beginBrowserSession(
  request: FastifyRequest,
  reply: FastifyReply,
  access: Access,
  prove: () => Promise<Pick<SignIn, 'identity' | 'by' | 'tokenId'>>,
): Promise<{ readonly identity: Identity; readonly session: string }> {
  const { db, isOverTls } = access;
  refuseOtherHosts(request, access.ownSite);
  if (!db.isInitialized) await ensureDatabaseReady(db);
  const proven = await prove().catch(async (error: unknown) => {
    // Not while a provider of identities does not answer.
    if (error instanceof Problem && error.status < 500) await noteFailure(request, access, error);
    throw error;
  });
  const earlier = readSessionCookie(request, isOverTls);
  const session = await signIn(db, { ...proven, address: request.ip, earlier });
  setSessionCookie(reply, session, isOverTls);
  return { identity: proven.identity, session };
}
