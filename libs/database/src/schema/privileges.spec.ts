import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { applySchema } from './apply-schema.js';
import { dataSourceFor } from '../connection/data-source-for.js';
import { DATABASE_ROLES, type DatabaseRole } from './database-role.js';
import { inTransaction } from '../connection/in-transaction.js';
import { sqlState } from '../connection/sql-state.js';
import { REPORT, STATEMENTS } from '../spec/statements-of-roles.js';

let database: TestDatabase;
let services: Record<DatabaseRole, DataSource>;

beforeAll(async () => {
  database = await createTestDatabase();
  const connected = await Promise.all(
    DATABASE_ROLES.map(async (role) => [
      role,
      await dataSourceFor(database.urls[role], { poolSize: 1 }).initialize(),
    ]),
  );
  services = Object.fromEntries(connected) as Record<DatabaseRole, DataSource>;
});
afterAll(async () => {
  await Promise.all(Object.values(services ?? {}).map((service) => service.destroy()));
  await database?.drop();
});

describe.each(DATABASE_ROLES)('the role of %s', (role) => {
  test.each(STATEMENTS[role])('may: %s — and may not: %s', async (may, mayNot) => {
    await services[role].query(may);
    const failure: unknown = await services[role].query(mayNot).catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('42501');
  });

  test('has time limits for statements, locks and idle transactions', async () => {
    const [settings] = await services[role].query(
      `SELECT current_setting('statement_timeout') AS statement, current_setting('lock_timeout') AS lock,
         current_setting('idle_in_transaction_session_timeout') AS idle`,
    );
    expect(settings).toEqual({ statement: '5s', lock: '5s', idle: '3s' });
  });

  test('has no attributes or memberships', async () => {
    const [attributes] = await services[role].query(
      `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS more,
         (SELECT count(*)::int FROM pg_auth_members WHERE member = pg_roles.oid) AS memberships
       FROM pg_roles WHERE rolname = current_user`,
    );
    expect(attributes).toEqual({ more: false, memberships: 0 });
  });
});

test('a role of another database cannot connect', async () => {
  const other = await createTestDatabase();
  const stranger = new URL(database.urls.ingest);
  stranger.pathname = new URL(other.ownerUrl).pathname;
  const failure: unknown = await dataSourceFor(stranger.href)
    .initialize()
    .catch((error: unknown) => error);
  await other.drop();
  expect(sqlState(failure)).toBe('42501');
});

test.each(['NaN', '0', '-1', '3650.1', 'Infinity'])(
  'not even the owner can store the alert period %s',
  async (days) => {
    const failure: unknown = await database.owner
      .query(`INSERT INTO engine (fqdn, alert_period_days) VALUES ('wrong', $1)`, [days])
      .catch((error: unknown) => error);
    expect(sqlState(failure)).toBe('23514');
  },
);

test('a role that holds the locks of earlier versions blocks neither the schema nor retention', async () => {
  const thief = await dataSourceFor(database.urls.ingest, { poolSize: 1 }).initialize();
  try {
    for (const lock of [[0x6f56, 0x6261], ...[1, 2].map((table) => [0x6f56, 0x7200 + table])])
      await thief.query(`SELECT pg_advisory_lock(${lock.join(', ')})`);
    await applySchema(database.ownerUrl);
    await database.owner.query(
      `UPDATE vdc_options SET option_value = '1' WHERE option_name LIKE '%RetentionInDays'`,
    );
    await services.ingest.query(
      REPORT.replace('true', 'null').replace('now(), now())', `now() - interval '9 days', now())`),
    );
    const [step] = await services.ingest.query(
      `SELECT removed FROM remove_old_reports('-infinity', 500)`,
    );
    expect(step).toEqual({ removed: 1 });
  } finally {
    await thief.destroy();
  }
});

test('only one step of retention runs at a time', async () => {
  const removed = `SELECT removed FROM remove_old_reports('-infinity', 500)`;
  await services.ingest.query(
    REPORT.replace('true', 'null').replace('now(), now())', `now() - interval '9 days', now())`),
  );
  await inTransaction(database.owner, async (other) => {
    await other.query(`SELECT FROM removal_step WHERE table_name = 'engine_backup_log' FOR UPDATE`);
    expect(await services.ingest.query(removed)).toEqual([{ removed: 0 }]);
  });
  expect(await services.ingest.query(removed)).toEqual([{ removed: 1 }]);
});
