import { tlsFailure } from '@backup-awareness/contracts/plain';
import pg from './driver.js';

/** Two of these, one after the other, take less time than a connection may (`connectTimeoutMs`). */
const PROBE_TIMEOUT_MS = 2_000;
const WRITABLE = ['read-write', 'primary'];

/** For each URL with several hosts, the one that was the primary last. */
const lastPrimary = new Map<string, string>();

/**
 * The URLs of the servers that `url` names, as libpq writes them: `postgresql://…@a:5432/db?host=a,b&port=5432,5432&target_session_attrs=read-write`.
 * The parameter `host` counts, not what stands before the path. One URL where there is no such parameter.
 *
 * @throws Error that says what was expected, for several hosts and another `target_session_attrs`, or as many ports as hosts are missing
 */
export function serversOf(url: string): readonly string[] {
  if (!URL.canParse(url)) return [url];
  const { searchParams, port } = new URL(url);
  const hosts = searchParams.get('host')?.split(',') ?? [];
  if (hosts.length < 2) return [url];
  const attributes = searchParams.get('target_session_attrs') ?? 'any';
  if (!WRITABLE.includes(attributes))
    throw new Error(
      `several hosts need target_session_attrs=read-write in the database URL, got ${attributes}`,
    );
  const ports = searchParams.get('port')?.split(',') ?? [port || '5432'];
  if (ports.length !== 1 && ports.length !== hosts.length)
    throw new Error(
      `expected one port or ${hosts.length} in the database URL, one for each host, got ${ports.length}`,
    );
  return hosts.map((host, i) => {
    const one = new URL(url);
    one.searchParams.set('host', host);
    one.searchParams.set('port', ports[i] ?? ports[0]!);
    return one.href;
  });
}

/**
 * Asks the servers of a URL one after the other, first the one that was the primary last, until one is. Costs a connection each
 * time, so that nobody goes on writing to what has become a standby.
 *
 * @param certificate the client's, in PEM, to say why a server refuses it
 * @returns its URL, with one host
 * @throws Error with the reason of each server, where none is
 */
export async function findPrimary(
  url: string,
  options: pg.ClientConfig,
  certificate?: string,
): Promise<string> {
  const servers = serversOf(url);
  if (servers.length < 2) return url;
  const last = lastPrimary.get(url);
  const inOrder = [...servers].sort((a, b) => Number(b === last) - Number(a === last));
  const reasons: string[] = [];
  for (const server of inOrder) {
    const reason = await whyNoPrimary(server, options, certificate);
    if (reason === undefined) {
      lastPrimary.set(url, server);
      return server;
    }
    const { searchParams } = new URL(server);
    reasons.push(`${searchParams.get('host')}:${searchParams.get('port')} ${reason}`);
  }
  throw new Error(`no server of the database URL is the primary: ${reasons.join('; ')}`);
}

async function whyNoPrimary(
  url: string,
  { ssl }: pg.ClientConfig,
  certificate: string | undefined,
): Promise<string | undefined> {
  const client = new pg.Client({
    connectionString: url,
    ...(ssl === undefined ? {} : { ssl }),
    application_name: 'backup-awareness search for the primary',
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
  });
  client.on('error', () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ isStandby: boolean }>(
      'SELECT pg_catalog.pg_is_in_recovery() AS "isStandby"',
    );
    return rows[0]!.isStandby ? 'is a standby' : undefined;
  } catch (error) {
    return `(${tlsFailure(error, 'the database', certificate) ?? reasonOf(error)})`;
  } finally {
    // A server that hangs never confirms the end.
    void client.end().catch(() => undefined);
  }
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message || String((error as { code?: unknown }).code);
}
