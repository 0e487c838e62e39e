import { SessionClient, type ReadTls } from './session-client.js';
import type { SessionKind } from './session-settings.js';
import type { SqlRunner } from './sql-runner.js';
import { verifiedUrl } from './verified-url.js';

/** The database does not answer, refuses the login, or the connection was lost. */
export class DatabaseUnreachable extends Error {
  override readonly name = 'DatabaseUnreachable';
}

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;
const CLOSE_WITHIN_MS = 2_000;

export interface DatabaseConnection {
  readonly client: SessionClient;
  /** The cause of the error of a statement, which does not say itself why the connection was lost: DatabaseUnreachable, or that error. */
  failureOf(error: unknown): unknown;
  close(): Promise<void>;
}

/**
 * Opens one connection, for a program that runs once. Loads no framework.
 *
 * @param readTls reads the certificates; without it the URL's `sslmode` decides about TLS
 * @throws DatabaseUnreachable with the error of the database or the network as its cause
 * @throws ConfigurationError if there are certificates, and the URL asks for less or names some too
 */
export async function connectToDatabase(
  url: string,
  session: SessionKind,
  readTls?: ReadTls,
): Promise<DatabaseConnection> {
  const client = new SessionClient({
    session,
    readTls,
    connectionString: readTls ? verifiedUrl(url) : url,
    application_name: 'backup-awareness',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    query_timeout: QUERY_TIMEOUT_MS,
  });
  let lostBecause: unknown;
  client.on('error', (error) => (lostBecause ??= error));
  try {
    await client.connect();
  } catch (error) {
    await end(client);
    throw unreachable(error);
  }
  return {
    client,
    failureOf: (error) => (lostBecause === undefined ? error : unreachable(lostBecause)),
    close: () => end(client),
  };
}

/**
 * Runs `work` with one such connection.
 *
 * @throws DatabaseUnreachable, or what `work` throws
 */
export async function onDatabase<T>(
  url: string,
  session: SessionKind,
  work: (client: SessionClient) => Promise<T>,
  readTls?: ReadTls,
): Promise<T> {
  const connection = await connectToDatabase(url, session, readTls);
  try {
    return await work(connection.client);
  } catch (error) {
    throw connection.failureOf(error);
  } finally {
    await connection.close();
  }
}

function unreachable(cause: unknown): DatabaseUnreachable {
  return new DatabaseUnreachable('the database cannot be reached', { cause });
}

/** A server that hangs never confirms the end. */
async function end(client: SessionClient): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, CLOSE_WITHIN_MS);
  });
  const ended = Promise.resolve(client.end()).catch(() => undefined);
  await Promise.race([ended, tooLate]).finally(() => clearTimeout(timer));
}

/** The connection as what runs statements and returns their rows. */
export function rowsOf(client: SessionClient): SqlRunner {
  return { query: async (sql, parameters) => (await client.query(sql, parameters)).rows };
}
