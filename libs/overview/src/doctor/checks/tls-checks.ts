import {
  errorText,
  peerValidity,
  pemValidity,
  type Certificates,
  type Validity,
} from '@backup-awareness/contracts/plain';
import { serversOf } from '@backup-awareness/database/connection';
import { DAY_MS } from '@backup-awareness/freshness';
import { failed, ok, skipped, warning, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { Looks } from '../looks/looks.js';
import type { DoctorTarget } from '../target.js';

const DAYS_TO_WARN = 30;
const DAYS_TO_FAIL = 7;

/** No certificate ends soon: neither those that servers show, nor those of the environment. */
export async function checkTlsExpiry({ target }: Looks): Promise<Observation[]> {
  const now = Date.now();
  const peers = securePeers(target).map(({ url, tls }) => judgePeer(url, tls, now));
  const shown = await Promise.all(peers);
  const given = Object.entries(target.certificates).map(([of, pem]) => judgePem(of, pem, now));
  const all = [...shown.flat(), ...given.flat()];
  return all.length > 0 ? all : [ok(fact('no_tls', {}))];
}

interface Peer {
  readonly url: string;
  /** What is shown to it. */
  readonly tls: Certificates | undefined;
}

/** The servers that are reached by TLS. */
function securePeers(target: DoctorTarget): Peer[] {
  const { databaseUrl, amqpUrl, management, brokerTls, readDatabaseTls } = target;
  const peers: Peer[] = [];
  if (amqpUrl?.startsWith('amqps:')) peers.push({ url: amqpUrl, tls: brokerTls });
  if (management?.url.startsWith('https:'))
    peers.push({ url: management.url, tls: management.tls });
  if (databaseUrl !== undefined && (wantsTls(databaseUrl) || readDatabaseTls !== undefined))
    for (const url of serversOf(databaseUrl)) peers.push({ url, tls: readDatabaseTls?.() });
  return peers;
}

function wantsTls(databaseUrl: string): boolean {
  const { searchParams } = new URL(databaseUrl);
  const mode = searchParams.get('sslmode');
  const ssl = searchParams.get('ssl');
  return (mode !== null && mode !== 'disable') || (ssl !== null && ssl !== 'false' && ssl !== '0');
}

async function judgePeer(
  url: string,
  tls: Certificates | undefined,
  now: number,
): Promise<Observation[]> {
  const of = new URL(url).host;
  try {
    const validity = await peerValidity(url, tls);
    return validity ? [judgeValidity(of, validity, now)] : [];
  } catch (error) {
    return [skipped(fact('certificate_unseen', { of, error: errorText(error) }))];
  }
}

function judgePem(of: string, pem: string, now: number): Observation[] {
  try {
    const validity = pemValidity(pem);
    return validity ? [judgeValidity(of, validity, now)] : [];
  } catch (error) {
    return [skipped(fact('certificate_unseen', { of, error: errorText(error) }))];
  }
}

/** Instants are whole milliseconds since 1970. */
export function judgeValidity(
  of: string,
  { validFromAt, expiresAt }: Validity,
  now: number,
): Observation {
  const renew = { kind: 'renew_certificate', of } as const;
  if (validFromAt > now)
    return failed(fact('certificate_not_yet_valid', { of }, { validFromAt }), renew);
  const certificate = fact('certificate', { of }, { expiresAt });
  if (expiresAt - now < DAYS_TO_FAIL * DAY_MS) return failed(certificate, renew);
  return expiresAt - now < DAYS_TO_WARN * DAY_MS ? warning(certificate, renew) : ok(certificate);
}
