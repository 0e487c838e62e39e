import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { DATABASE_ROLES, roleName } from './database-role.js';
import { SCHEMA_LOCK_TABLE } from './privileges.js';
import { SessionClient, type ReadTls } from '../connection/session-client.js';
import { SCHEMA_LOCK_WAIT_MINUTES } from '../connection/session-settings.js';
import { sqlState } from '../connection/sql-state.js';
import { verifiedUrl } from '../connection/verified-url.js';
import { refuseUnsuitable } from './suitable-database.js';

/** The advisory lock of earlier versions, which any role can take; nothing else in the database uses these two numbers. */
const EARLIER_LOCK = [0x6f56, 0x6261] as const;
const EARLIER_LOCK_POLL_MS = 200;

/**
 * Runs `work` in a transaction of its own client under the schema lock, and commits it. Concurrent callers run one after another. The lock
 * is on a table, so that the services' roles cannot take it.
 * The URL must lead to the server itself: a transaction pooler may limit the length of a transaction.
 *
 * @param readTls reads the certificates; without it the URL's `sslmode` decides about TLS
 * @throws if the database is unsuitable (`refuseUnsuitable`), before anything is changed; if the lock is not free within two minutes, or
 * its connection is lost
 */
export async function underSchemaLock<T>(
  ownerUrl: string,
  work: (client: pg.Client) => Promise<T>,
  readTls?: ReadTls,
): Promise<T> {
  const client = new SessionClient({
    readTls,
    connectionString: readTls ? verifiedUrl(ownerUrl) : ownerUrl,
    application_name: 'backup-awareness schema',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    session: 'schema',
  });
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  await client.connect();
  try {
    await refuseUnsuitable(client);
    await ensureLockTable(client);
    await client.query('BEGIN');
    await lock(client);
    const result = await work(client);
    if (lost)
      throw new Error(`lost the schema lock during the change: ${lost.message}`, {
        cause: lost,
      });
    await client.query('COMMIT');
    return result;
  } finally {
    // Ends the session, which releases the lock and rolls back what was not committed.
    await client.end();
  }
}

/**
 * The errors for the second of two sessions that create the same table at once, even with IF NOT EXISTS. Depending on where the second is
 * when the first commits, the name is taken in an index (23505), as a type (42710) or as a table (42P07).
 */
const CREATED_CONCURRENTLY = ['23505', '42710', '42P07'];

/** Creates the lock table if it does not exist. If another session creates it at the same time, a second try finds it. */
async function ensureLockTable(client: pg.Client): Promise<void> {
  const { rows } = await client.query(`SELECT to_regclass('public.${SCHEMA_LOCK_TABLE}') AS found`);
  if (rows[0].found !== null) return;
  const sql = `CREATE TABLE IF NOT EXISTS ${SCHEMA_LOCK_TABLE} ()`;
  await client.query(sql).catch((error: unknown) => {
    if (!CREATED_CONCURRENTLY.includes(sqlState(error) ?? '')) throw error;
    return client.query(sql);
  });
}

const LOCK_NOT_AVAILABLE = '55P03';

async function lock(client: pg.Client): Promise<void> {
  try {
    await client.query(`LOCK TABLE ${SCHEMA_LOCK_TABLE} IN EXCLUSIVE MODE`);
  } catch (error) {
    if (sqlState(error) !== LOCK_NOT_AVAILABLE) throw error;
    throw busy(error);
  }
  await lockOutEarlierVersions(client);
}

/**
 * Waits for an earlier version that is changing the schema, and makes it wait for us. Does not wait for a service's role that holds the
 * earlier lock: it never changes the schema.
 */
async function lockOutEarlierVersions(client: pg.Client): Promise<void> {
  const [first, second] = EARLIER_LOCK;
  const { rows } = await client.query<{ name: string }>('SELECT current_database() AS name');
  const services = DATABASE_ROLES.map((role) => roleName(rows[0]!.name, role));
  const sql = `SELECT pg_try_advisory_xact_lock(${first}, ${second}) OR NOT EXISTS (
      SELECT FROM pg_locks JOIN pg_stat_activity USING (pid)
      WHERE locktype = 'advisory' AND classid = ${first} AND objid = ${second} AND objsubid = 2 AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND usename <> ALL ($1)) AS "isFree"`;
  const giveUpAt = performance.now() + SCHEMA_LOCK_WAIT_MINUTES * 60_000;
  for (;;) {
    const { rows } = await client.query<{ isFree: boolean }>(sql, [services]);
    if (rows[0]!.isFree) return;
    if (performance.now() > giveUpAt) throw busy();
    await sleep(EARLIER_LOCK_POLL_MS);
  }
}

function busy(cause?: unknown): Error {
  return new Error(
    `another process has been changing the schema for over ${SCHEMA_LOCK_WAIT_MINUTES} minutes; try again when it is done`,
    { cause },
  );
}
