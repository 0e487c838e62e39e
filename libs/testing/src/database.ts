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
  /** Each role's own URL, with just its privileges: those of the services, and `reader`. */
  readonly urls: Readonly<Record<DatabaseRole, string>>;
  /** Initialized, as the owner. */
  readonly owner: ReturnType<typeof dataSourceFor>;
  /** Where the tries of messages are counted, as the owner. */
  readonly messageTries: ReturnType<typeof messageTriesIn>;
  /** Where the arrivals of probes are counted, as the owner. */
  readonly passages: ReturnType<typeof passagesIn>;
  /** Closes `owner` and removes the database and its roles, whoever is still connected. */
  drop(): Promise<void>;
}

/** The superuser's URL of the server that tests run against. @throws where TEST_DATABASE_URL does not name it */
export function testDatabaseUrl(): string {
  const url = process.env.TEST_DATABASE_URL;
  if (!url)
    throw new Error(
      'TEST_DATABASE_URL is not set: these tests need a real PostgreSQL (15 or later), as postgres://superuser:password@127.0.0.1:5432/postgres',
    );
  return url;
}

/** An empty database of its own on the server of TEST_DATABASE_URL, without our schema. */
export async function createEmptyDatabase(): Promise<{ url: string; drop(): Promise<void> }> {
  const serverUrl = testDatabaseUrl();
  const database = `test_${randomBytes(8).toString('hex')}`;
  // template0, to which nobody can be connected: CREATE DATABASE fails while somebody is.
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

/** A fresh database on the server of TEST_DATABASE_URL, with schema and roles. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { url: ownerUrl, drop } = await createEmptyDatabase();
  await applySchema(ownerUrl);
  const password = () => randomBytes(16).toString('hex');
  const urls = await applyRoles(ownerUrl, {
    ingest: password(),
    checker: password(),
    audit: password(),
    notifier: password(),
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
