import { placeOf } from '@backup-awareness/contracts/plain';
import {
  connectToDatabase,
  rowsOf,
  type DatabaseConnection,
  type SessionClient,
  type SqlRunner,
} from '@backup-awareness/database/connection';
import { setTimeout as sleep } from 'node:timers/promises';
import { databaseCertificates } from './certificates.js';
import { reasonOf, Unreachable } from '../output/failure.js';

const CONNECT_TIMEOUT_MS = 5_000;
const QUERY_TIMEOUT_MS = 10_000;
const RECONNECT_MS = 1_000;

/**
 * Reads from one snapshot of the database, on a connection that lasts as long as `work`.
 *
 * @throws Unreachable if the database does not answer
 */
export async function readDatabase<T>(
  url: string,
  work: (sql: SqlRunner) => Promise<T>,
): Promise<T> {
  return onConnection(url, async (client) => {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
    const result = await work(rowsOf(client));
    await client.query('COMMIT');
    return result;
  });
}

/** The same, but each statement sees the database as it is then: for reading until something has come. */
export async function readUntil<T>(url: string, work: (sql: SqlRunner) => Promise<T>): Promise<T> {
  return onConnection(url, (client) => work(rowsOf(client)));
}

export interface Follow {
  /** Where the database is; asked again for each connection, since a restart may change it. */
  readonly findUrl: () => string;
  /** Gets the reason when the database is lost, and undefined when it answers again. */
  readonly onOutage: (reason: string | undefined) => void;
}

/**
 * Reads again and again, each statement seeing the database as it is then. A statement outlasts an outage: it waits until the database
 * answers again.
 *
 * @throws Unreachable if the database does not answer the first time
 */
export async function followDatabase<T>(
  { findUrl, onOutage }: Follow,
  work: (sql: SqlRunner) => Promise<T>,
): Promise<T> {
  let session = await openSession(findUrl());
  let isLost = false;
  const query: SqlRunner['query'] = async (sql, parameters) => {
    for (;;) {
      try {
        if (isLost) session = await openSession(findUrl());
        const { rows } = await session.client.query(sql, parameters);
        if (isLost) onOutage(undefined);
        isLost = false;
        return rows;
      } catch (error) {
        const failure = error instanceof Unreachable ? error : session.failureOf(error);
        await session.close();
        if (!(failure instanceof Unreachable)) throw failure;
        if (!isLost) onOutage(failure.message);
        isLost = true;
        await sleep(RECONNECT_MS);
      }
    }
  };
  try {
    return await work({ query });
  } finally {
    await session.close();
  }
}

async function onConnection<T>(
  url: string,
  work: (client: SessionClient) => Promise<T>,
): Promise<T> {
  const session = await openSession(url);
  try {
    return await work(session.client);
  } catch (error) {
    throw session.failureOf(error);
  } finally {
    await session.close();
  }
}

/** A connection whose errors are those to show. @throws Unreachable if the database does not answer */
async function openSession(url: string): Promise<DatabaseConnection> {
  // By its name, as the errors of other packages.
  const shown = (error: unknown) =>
    error instanceof Error && error.name === 'DatabaseUnreachable'
      ? unreachable(error.cause, url)
      : databaseFailure(error, url);
  const readTls = databaseCertificates(url);
  const connection = await connectToDatabase(url, 'administration', readTls).catch(
    (error: unknown) => {
      throw shown(error);
    },
  );
  return { ...connection, failureOf: (error) => shown(connection.failureOf(error)) };
}

type Database = typeof import('@backup-awareness/database/administration');
type DataSourceFor = typeof import('@backup-awareness/database/data-source').dataSourceFor;

export interface Administration {
  readonly database: Database;
  readonly dataSource: ReturnType<DataSourceFor>;
}

/**
 * Changes something with the functions of administration. They are loaded here and not at the start: loading them takes longer than
 * most commands.
 *
 * @param queryTimeoutMs 0: no time-out
 */
export async function administer<T>(
  url: string,
  work: (administration: Administration) => Promise<T>,
  queryTimeoutMs = QUERY_TIMEOUT_MS,
): Promise<T> {
  const [database, { dataSourceFor }] = await Promise.all([
    import('@backup-awareness/database/administration'),
    import('@backup-awareness/database/data-source'),
  ]);
  const dataSource = dataSourceFor(url, {
    session: 'administration',
    poolSize: 1,
    readTls: databaseCertificates(url),
    connectTimeoutMs: CONNECT_TIMEOUT_MS,
    queryTimeoutMs,
  });
  try {
    await dataSource.initialize().catch(notConnected(url));
    return await work({ database, dataSource });
  } catch (error) {
    throw databaseFailure(error, url);
  } finally {
    if (dataSource.isInitialized) await dataSource.destroy().catch(() => undefined);
  }
}

function notConnected(url: string): (error: unknown) => never {
  return (error) => {
    throw unreachable(error, url);
  };
}

function unreachable(error: unknown, url: string): Unreachable {
  const reason = `cannot reach the database at ${placeOf(url)}: ${reasonOf(error)}`;
  return new Unreachable(reason, { cause: error });
}

const LOST =
  /^(08...|57P0[123]|53300|E(CONN\w+|PIPE|TIMEDOUT|HOSTUNREACH|NETUNREACH|AI_AGAIN)|ENOTFOUND)$/;
const LOST_MESSAGES =
  /Connection terminated|not queryable|Query read timeout|did not answer within/;
const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';

/** The error to show: Unreachable if the connection was lost, a missing table with what to do, any other error as it is. */
export function databaseFailure(error: unknown, url: string): unknown {
  if (!(error instanceof Error) || error instanceof Unreachable) return error;
  const codes = codesOf(error);
  if (codes.some((code) => LOST.test(code)) || LOST_MESSAGES.test(error.message))
    return unreachable(error, url);
  if (codes.includes(UNDEFINED_TABLE))
    return new Error(
      `the database at ${placeOf(url)} lacks a table (${reasonOf(error)}): run backup-awareness database apply, or npm start`,
      { cause: error },
    );
  if (codes.includes(INSUFFICIENT_PRIVILEGE))
    return new Error(
      `the database user ${userOf(url)} may not do this (${reasonOf(error)}): set DATABASE_URL to the URL of the database's owner, or, with npm start, run this as its user without DATABASE_URL`,
      { cause: error },
    );
  return error;
}

function userOf(url: string): string {
  return decodeURIComponent(new URL(url).username) || 'of this connection';
}

function codesOf(error: unknown): string[] {
  if (!(error instanceof Error)) return [];
  const { code, cause } = error as Error & { code?: unknown };
  const inner = error instanceof AggregateError ? error.errors.flatMap(codesOf) : [];
  return [...(typeof code === 'string' ? [code] : []), ...inner, ...codesOf(cause)];
}
