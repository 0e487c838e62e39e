import { createHash } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';

const LASTS_SECONDS = 12 * 3_600;

/** The name tells a browser to take the cookie over TLS only, for this host alone; over plain loopback it could not keep it. */
function nameOf(isOverTls: boolean): string {
  return isOverTls ? '__Host-session' : 'backup-awareness-session';
}

/** The secret of the session; undefined without one, or with several: another host of the domain may have set one of them. */
export function readSessionCookie(request: FastifyRequest, isOverTls: boolean): string | undefined {
  const name = nameOf(isOverTls);
  const values = (request.headers.cookie ?? '')
    .split(';')
    .map((pair) => pair.trim().split('='))
    .filter(([key]) => key === name)
    .map(([, value]) => value);
  return values.length === 1 ? values[0] : undefined;
}

/** @param secret null: forgets the session */
export function setSessionCookie(
  reply: FastifyReply,
  secret: string | null,
  isOverTls: boolean,
): void {
  const age = secret === null ? 0 : LASTS_SECONDS;
  const parts = [`${nameOf(isOverTls)}=${secret ?? ''}`, 'Path=/', 'HttpOnly', 'SameSite=Strict'];
  void reply.header(
    'set-cookie',
    [...parts, `Max-Age=${age}`, ...(isOverTls ? ['Secure'] : [])].join('; '),
  );
}

/** What a page sends with a change to prove that it can read this site's answers. It follows from the session, and not the reverse. */
export function csrfTokenOf(session: string): string {
  return createHash('sha256').update(`csrf:${session}`).digest('base64url');
}
