import { tlsFailure, type Certificates, type TlsServer } from '@backup-awareness/contracts/plain';
import pg from './driver.js';

/** A variable is invalid, as `ConfigurationError` of the services; known by its name. */
class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/** Two of these, one after the other, take less time than a connection may (`connectTimeoutMs`). */
const PROBE_TIMEOUT_MS = 2_000;
const WRITABLE = ['read-write', 'primary'];
/** What makes several servers of one URL; the driver takes none of these. */
const PARAMETERS = ['host', 'port', 'target_session_attrs'];

/** For each URL with several hosts, the server that was the primary last. */
const lastPrimary = new Map<string, string>();

/**
 * The URLs of the servers that `url` names, in the form of libpq with the parameter `host`, which counts instead of what stands before
 * the path: `postgresql://…@a:5432/db?host=a,b&port=5432,5433&target_session_attrs=read-write`. The URL itself where it names one.
 *
 * @throws ConfigurationError that says what was expected, for several hosts before the path, without `target_session_attrs=read-write`, or
 * with another number of ports
 */
export function serversOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return [url];
  const { searchParams, hostname, port } = new URL(url);
  if (hostname.includes(','))
    throw refused('several hosts as ?host=a,b&port=5432,5432', 'them before the path');
  const hosts = searchParams.get('host')?.split(',') ?? [];
  if (hosts.length < 2) return [url];
  const attributes = searchParams.get('target_session_attrs') ?? 'none';
  if (!WRITABLE.includes(attributes))
    throw refused('target_session_attrs=read-write with several hosts', attributes);
  const ports = searchParams.get('port')?.split(',') ?? [port || '5432'];
  if (ports.length !== 1 && ports.length !== hosts.length)
    throw refused(`one port or ${hosts.length}, one for each host`, `${ports.length}`);
  return hosts.map((host, i) => {
    const one = new URL(url);
    for (const name of PARAMETERS) one.searchParams.delete(name);
    one.hostname = host.includes(':') ? `[${host}]` : encodeURIComponent(host);
    one.port = ports[i] ?? ports[0]!;
    return one.href;
  });
}

function refused(expected: string, got: string): ConfigurationError {
  return new ConfigurationError(`DATABASE_URL: expected ${expected}, got ${got}`);
}

/** Where a server is. */
export interface Server {
  readonly host: string;
  readonly port: number;
}

/** A server as messages about its TLS name it. */
export function tlsServer({ host, port }: Server): TlsServer {
  const shown = host.includes(':') ? `[${host}]` : host;
  return { name: 'the database', url: `postgresql://${shown}:${port}` };
}

/**
 * Asks the servers of a URL with several one after the other, first the one that was the primary last, until one is. Costs a connection
 * each time, so that nobody goes on writing to what has become a standby.
 *
 * @param certificates what is shown to a server, to say why it refuses that
 * @returns where it is; undefined for a URL with one server, which is not asked
 * @throws Error with the reason of each server, where none is
 */
export async function findPrimary(
  url: string,
  options: pg.ClientConfig,
  certificates?: Certificates,
): Promise<Server | undefined> {
  const servers = serversOf(url);
  if (servers.length < 2) return undefined;
  const last = lastPrimary.get(url);
  const inOrder = [...servers].sort((a, b) => Number(b === last) - Number(a === last));
  const reasons: string[] = [];
  for (const server of inOrder) {
    const { reason, ...place } = await ask(server, options, certificates);
    if (reason === undefined) {
      lastPrimary.set(url, server);
      return place;
    }
    reasons.push(`${place.host}:${place.port} ${reason}`);
  }
  throw new Error(`no server of the database URL is the primary: ${reasons.join('; ')}`);
}

async function ask(
  url: string,
  { ssl }: pg.ClientConfig,
  certificates: Certificates | undefined,
): Promise<Server & { readonly reason: string | undefined }> {
  const client = new pg.Client({
    connectionString: url,
    ...(ssl === undefined ? {} : { ssl }),
    application_name: 'backup-awareness search for the primary',
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  const place = { host: client.host, port: client.port };
  try {
    await client.connect();
    const { rows } = await client.query<{ isStandby: boolean }>(
      'SELECT pg_catalog.pg_is_in_recovery() AS "isStandby"',
    );
    return { ...place, reason: rows[0]!.isStandby ? 'is a standby' : undefined };
  } catch (error) {
    const reason = (await tlsFailure(error, tlsServer(place), certificates)) ?? reasonOf(error);
    return { ...place, reason: `(${reason})` };
  } finally {
    // A server that hangs never confirms the end.
    void client.end().catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as { code?: unknown }).code);
}
