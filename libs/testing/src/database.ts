import {
  applyRoles,
  applySchema,
  DATABASE_ROLES,
  dataSourceFor,
  messageTriesIn,
  passagesIn,
  roleName,
  type DatabaseRole,
} from '@backup-awareness/database';
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export interface TestDatabase {
  readonly ownerUrl: string;
  /** The URL of each role, that is of each service and of `reader`. */
  readonly urls: Readonly<Record<DatabaseRole, string>>;
  /** A connection as the owner. */
  readonly owner: ReturnType<typeof dataSourceFor>;
  /** The tries of messages, as the owner. */
  readonly messageTries: ReturnType<typeof messageTriesIn>;
  /** The arrivals of probes, as the owner. */
  readonly passages: ReturnType<typeof passagesIn>;
  /** Closes `owner` and drops the database and its roles, even while others are connected. */
  drop(): Promise<void>;
}

/** The superuser's URL of the tests' server. @throws if TEST_DATABASE_URL is not set */
function testDatabaseUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url)
    throw new Error(
      'TEST_DATABASE_URL is not set: these tests need a real PostgreSQL (15 or later), as postgres://superuser:password@127.0.0.1:5432/postgres',
    );
  return url;
}

/**
 * A new, empty database, without our schema.
 *
 * @param serverUrl the superuser's of its server, by default TEST_DATABASE_URL
 */
export async function createEmptyDatabase(
  serverUrl = testDatabaseUrl(),
): Promise<{ url: string; drop(): Promise<void> }> {
  const database = `test_${randomBytes(8).toString('hex')}`;
  // Nobody can be connected to template0; CREATE DATABASE fails while somebody is connected to its template.
  await onServer(serverUrl, [`CREATE DATABASE ${database} TEMPLATE template0 ENCODING 'UTF8'`]);
  const url = new URL(serverUrl);
  url.pathname = `/${database}`;
  return {
    url: url.href,
    drop: () =>
      onServer(serverUrl, [
        `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
        ...DATABASE_ROLES.map((role) => `DROP ROLE IF EXISTS ${roleName(database, role)}`),
      ]),
  };
}

/** The same, with schema and roles. */
export async function createTestDatabase(serverUrl?: string): Promise<TestDatabase> {
  const { url: ownerUrl, drop } = await createEmptyDatabase(serverUrl);
  await applySchema(ownerUrl);
  const password = () => randomBytes(16).toString('hex');
  const urls = await applyRoles(ownerUrl, {
    ingest: password(),
    checker: password(),
    audit: password(),
    notifier: password(),
    console: password(),
    reader: password(),
  });
  const owner = dataSourceFor(ownerUrl, {
    session: 'administration',
    poolSize: 8,
    applicationName: 'test',
  });
  await owner.initialize();
  return {
    ownerUrl,
    urls,
    owner,
    messageTries: messageTriesIn(owner),
    passages: passagesIn(owner),
    drop: async () => {
      if (owner.isInitialized) await owner.destroy();
      await drop();
    },
  };
}

async function onServer(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    for (const sql of statements) await client.query(sql);
  } finally {
    await client.end();
  }
}
