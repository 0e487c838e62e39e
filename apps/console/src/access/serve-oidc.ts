import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Access } from './identify.js';
import { OIDC_CALLBACK } from './oidc-configuration.js';
import type { OidcClient, PendingSignIn } from './oidc-client.js';
import { Refusal } from './refusal.js';
import { beginBrowserSession, type ErrorHandler } from './sign-in.js';

const PENDING_SECONDS = 600;

/** The way to the provider and back. */
export function serveOidc(
  server: FastifyInstance,
  access: Access,
  oidc: OidcClient,
  errorHandler: ErrorHandler,
): void {
  const options = { errorHandler: errorHandler as never, exposeHeadRoute: false };
  server.get('/sign-in/oidc', options, async (_request, reply) => {
    const { url, pending } = await oidc.begin();
    setPending(reply, pending, access.isOverTls);
    return reply.header('cache-control', 'no-store').redirect(url.href, 303);
  });
  server.get(OIDC_CALLBACK, options, async (request, reply) => {
    const pending = readPending(request, access.isOverTls);
    // Whatever comes of it, this cookie has had its callback.
    setPending(reply, null, access.isOverTls);
    void reply.header('cache-control', 'no-store');
    await beginBrowserSession(request, reply, access, async () => {
      if (!pending)
        throw new Refusal(
          'too_late',
          401,
          'this browser has not begun to sign in, or too long ago: begin again',
        );
      const query = request.url.slice(request.url.indexOf('?'));
      return { identity: await oidc.finish(query, pending), by: 'oidc', tokenId: null };
    });
    return reply.redirect('/', 303);
  });
}

function cookieName(isOverTls: boolean): string {
  return isOverTls ? '__Host-sign-in' : 'backup-awareness-sign-in';
}

/** Lax, not strict: the browser comes back from another site. */
function setPending(reply: FastifyReply, pending: PendingSignIn | null, isOverTls: boolean): void {
  const value = pending ? [pending.state, pending.nonce, pending.verifier].join('.') : '';
  void reply.header(
    'set-cookie',
    [
      `${cookieName(isOverTls)}=${value}`,
      'Path=/',
      'HttpOnly',
      'SameSite=Lax',
      `Max-Age=${pending ? PENDING_SECONDS : 0}`,
      ...(isOverTls ? ['Secure'] : []),
    ].join('; '),
  );
}

function readPending(request: FastifyRequest, isOverTls: boolean): PendingSignIn | undefined {
  const name = cookieName(isOverTls);
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([key]) => key === name)
    .map(([, value]) => value ?? '');
  const [state, nonce, verifier, ...rest] = (values[0] ?? '').split('.');
  if (values.length !== 1 || !state || !nonce || !verifier || rest.length > 0) return undefined;
  return { state, nonce, verifier };
}
