import {
  beginSession,
  endSession,
  ensureDatabaseReady,
  findToken,
  useSignInLink,
  type Identity,
} from '@backup-awareness/database';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';
import { noteFailure, type Access } from './identify.js';
import { readSessionCookie, setSessionCookie } from './session-cookie.js';

type ErrorHandler = (error: unknown, request: FastifyRequest, reply: FastifyReply) => unknown;

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
      await signIn(request, reply, access, async () => {
        const identity =
          typeof link === 'string' ? await useSignInLink(access.db, link) : undefined;
        if (!identity)
          throw new Problem(401, 'the link is used or expired: get another from npm start');
        return { identity, tokenId: null };
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
  return signIn(request, reply, access, async () => {
    const found = await findToken(access.db, token);
    if (!found) throw new Problem(401, 'the token is unknown, expired or revoked');
    return { identity: { who: found.who, role: found.role }, tokenId: found.tokenId };
  });
}

/** Begins a new session always, so that nobody can have set its secret before; the session of before is ended. */
async function signIn(
  request: FastifyRequest,
  reply: FastifyReply,
  { db, isOverTls, failedSignIns }: Access,
  prove: () => Promise<{ readonly identity: Identity; readonly tokenId: string | null }>,
): Promise<{ readonly identity: Identity; readonly session: string }> {
  if (!db.isInitialized) await ensureDatabaseReady(db);
  const { identity, tokenId } = await prove().catch((error: unknown) => {
    if (error instanceof Problem) noteFailure(request, failedSignIns);
    throw error;
  });
  const earlier = readSessionCookie(request, isOverTls);
  if (earlier !== undefined) await endSession(db, earlier);
  const session = await beginSession(db, identity, tokenId);
  setSessionCookie(reply, session, isOverTls);
  return { identity, session };
}
