import {
  findSession,
  findToken,
  recordFailedSignIns,
  type Identity,
} from '@backup-awareness/database';
import type { Reachability } from '@backup-awareness/overview/surroundings';
import type { FastifyRequest } from 'fastify';
import { timingSafeEqual } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Problem } from '../http/problem.js';
import type { LiveEvents } from '../live/live-events.js';
import type { Letters } from '../dead-letters/letters.js';
import type { SystemReader } from '../system/system-reader.js';
import type { FailedSignIns, RecordedFailures } from './failed-sign-ins.js';
import type { OidcClient } from './oidc-client.js';
import { refuseOtherHosts, refuseOtherSites, type OwnSite } from './own-site.js';
import { Refusal } from './refusal.js';
import { csrfTokenOf, readSessionCookie } from './session-cookie.js';

export interface Access {
  readonly db: DataSource;
  readonly isOverTls: boolean;
  readonly ownSite: OwnSite;
  /** Undefined where no provider is configured. */
  readonly oidc: OidcClient | undefined;
  readonly failedSignIns: FailedSignIns;
  readonly live: LiveEvents;
  readonly letters: Letters;
  readonly system: SystemReader;
  /** Reports a trial backup of this host; undefined where the product was not started by `npm start`. */
  readonly trialCommand: string | undefined;
  readonly recordedFailures: RecordedFailures;
  /** Whether the broker can be reached now. */
  readonly broker: () => Reachability;
}

/**
 * Who sends a request, by the token in its header or else by the session of its cookie.
 *
 * @throws Problem 401, 429, or 403 for a cookie under a host name that is not the console's, and for a change by cookie that comes from
 * another site or without the session's CSRF token
 */
export async function identify(request: FastifyRequest, access: Access): Promise<Identity> {
  const { db, isOverTls } = access;
  const { authorization } = request.headers;
  if (authorization !== undefined) {
    const token = /^Bearer +([\w-]{1,200})$/i.exec(authorization)?.[1];
    const found = token === undefined ? undefined : await findToken(db, token);
    if (found) return { who: found.who, role: found.role };
    const refused = new Problem(401, 'the token is unknown, expired or revoked');
    await noteFailure(request, access, refused);
    throw refused;
  }
  const session = readSessionCookie(request, isOverTls);
  if (session !== undefined) refuseOtherHosts(request, access.ownSite);
  const identity = session === undefined ? undefined : await findSession(db, session);
  if (!identity || session === undefined) throw new Problem(401, 'sign in first');
  if (request.method !== 'GET' && request.method !== 'HEAD') refuseForged(request, session, access);
  return identity;
}

/**
 * To be called after a proof has failed, never before one: behind a reverse proxy all clients have one address, and the failures of one of
 * them must not keep the others out.
 *
 * @throws Problem 429 after too many
 */
export async function noteFailure(
  request: FastifyRequest,
  { db, failedSignIns, recordedFailures }: Access,
  { message: reason }: Problem,
): Promise<void> {
  const address = request.ip;
  const failures = recordedFailures.note();
  if (failures > 0) await recordFailedSignIns(db, { reason, address, failures });
  const retryAfter = failedSignIns.waitSeconds(address);
  if (retryAfter > 0)
    throw new Refusal('too_many', 429, `too many failed sign-ins: try again in ${retryAfter} s`, {
      retryAfter,
    });
  failedSignIns.note(address);
}

function refuseForged(request: FastifyRequest, session: string, { ownSite }: Access): void {
  refuseOtherSites(request, ownSite);
  const given = Buffer.from(String(request.headers['x-csrf-token'] ?? ''));
  const expected = Buffer.from(csrfTokenOf(session));
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    throw new Problem(403, 'X-CSRF-Token is missing or not that of this session', {
      path: 'headers.X-CSRF-Token',
      expected: 'csrf_token of GET /api/v1/session',
      got: given.length === 0 ? 'nothing' : 'another one',
    });
}
