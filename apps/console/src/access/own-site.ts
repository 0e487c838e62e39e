import type { FastifyRequest } from 'fastify';
import { Problem } from '../http/problem.js';

/** By which addresses browsers reach the console. */
export interface OwnSite {
  /** `CONSOLE_URL`; undefined: not set. */
  readonly url: string | undefined;
  /** Only programs on this machine reach it: it listens on loopback, with no `CONSOLE_URL` of a proxy before it. */
  readonly isLocal: boolean;
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** @param listensOn the address or host name that the console listens on */
export function ownSite(url: string | undefined, listensOn: string): OwnSite {
  const host = listensOn.includes(':') ? `[${listensOn}]` : listensOn;
  return { url, isLocal: url === undefined && LOCAL_HOSTS.has(host.toLowerCase()) };
}

/**
 * For requests of a browser that sign in or change something.
 *
 * @throws Problem 403 for a request that another site had the browser send
 */
export function refuseOtherSites({ headers }: FastifyRequest, { url }: OwnSite): void {
  const site = headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none')
    throw new Problem(403, 'the request comes from another site');
  const { origin, host = '' } = headers;
  if (origin === undefined) return;
  const from = parsed(origin);
  // The scheme is not compared: a proxy with TLS speaks plain HTTP to the console.
  const isOwn = from?.host === parsed(`${from?.protocol}//${host}`)?.host;
  if (from && (isOwn || (url !== undefined && from.origin === new URL(url).origin))) return;
  throw new Problem(403, 'the request comes from another site', {
    path: 'headers.Origin',
    expected: `the host of the request, ${host}${url === undefined ? '' : `, or ${url}`}`,
    got: origin,
  });
}

/**
 * For requests by cookie, and for sign-in: another host name that leads to this machine may belong to a page of somebody else.
 *
 * @throws Problem 403 where only this machine reaches the console, for a host name that is not this machine's own
 */
export function refuseOtherHosts({ headers: { host = '' } }: FastifyRequest, own: OwnSite): void {
  const name = parsed(`http://${host}`)?.hostname ?? '';
  if (!own.isLocal || LOCAL_HOSTS.has(name)) return;
  throw new Problem(
    403,
    'the console is not reached by this host name: set CONSOLE_URL to allow it',
    {
      path: 'headers.Host',
      expected: 'localhost, 127.0.0.1 or [::1], since CONSOLE_URL is not set',
      got: host,
    },
  );
}

function parsed(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}
