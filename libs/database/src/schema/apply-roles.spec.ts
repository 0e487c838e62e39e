import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import pg from 'pg';
import { applyRoles } from './apply-roles.js';
import { dataSourceFor } from '../connection/data-source-for.js';
import { DATABASE_ROLES, roleName } from './database-role.js';
import { SERVICE_SETTINGS } from '../connection/session-settings.js';

const PASSWORDS = {
  ingest: 'p@ss:w/rd?#%',
  checker: "it's",
  audit: 'plain',
  notifier: 'n',
  console: 'c',
  reader: 'r',
};

let database: TestDatabase;
beforeEach(async () => (database = await createTestDatabase()));
afterEach(() => database?.drop());

async function whoAmI(url: string): Promise<string> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query('SELECT current_user AS name')).rows[0].name;
  } finally {
    await client.end();
  }
}

test('each role gets a URL it can connect with, whatever characters its password has', async () => {
  const urls = await applyRoles(database.ownerUrl, PASSWORDS);
  const name = new URL(database.ownerUrl).pathname.slice(1);
  expect(await whoAmI(urls.ingest)).toBe(`${name}_ingest`);
  expect(await whoAmI(urls.checker)).toBe(`${name}_checker`);
  expect(await whoAmI(urls.audit)).toBe(`${name}_audit`);
  expect(await whoAmI(urls.notifier)).toBe(`${name}_notifier`);
  expect(await whoAmI(urls.console)).toBe(`${name}_console`);
  expect(await whoAmI(urls.reader)).toBe(`${name}_reader`);
});

test('the reader can log in only if it has a password', async () => {
  const { reader, ...services } = PASSWORDS;
  const name = roleName(new URL(database.ownerUrl).pathname.slice(1), 'reader');
  const stored = `SELECT rolcanlogin AS login, rolpassword IS NOT NULL AS password FROM pg_authid WHERE rolname = $1`;
  expect(await applyRoles(database.ownerUrl, services)).not.toHaveProperty('reader');
  expect(await database.owner.query(stored, [name])).toEqual([{ login: false, password: false }]);
  await expect(whoAmI(database.urls.reader)).rejects.toMatchObject({ code: '28P01' });
  const urls = await applyRoles(database.ownerUrl, { ...services, reader });
  expect(await whoAmI(urls.reader)).toBe(name);
});

test('applied again it corrects what was changed, and keeps running services connected', async () => {
  const service = await dataSourceFor(database.urls.audit, { poolSize: 1 }).initialize();
  const name = roleName(new URL(database.ownerUrl).pathname.slice(1), 'audit');
  await database.owner.query(`GRANT DELETE ON audit_log TO ${name}`);
  await database.owner.query(`GRANT SELECT ON engine TO PUBLIC`);
  await database.owner.query(`ALTER ROLE ${name} SET statement_timeout = 0`);
  await service.query('SELECT * FROM engine');

  const urls = await applyRoles(database.ownerUrl, PASSWORDS);
  await expect(service.query('DELETE FROM audit_log')).rejects.toThrow('permission denied');
  await expect(service.query('SELECT * FROM engine')).rejects.toThrow('permission denied');
  await service.query('SELECT * FROM audit_log');
  await service.destroy();
  const again = await dataSourceFor(urls.audit).initialize();
  expect(await again.query('SHOW statement_timeout')).toEqual([{ statement_timeout: '5s' }]);
  await again.destroy();
});

test('what a role has set for itself is reset, its password too', async () => {
  const database_ = new URL(database.ownerUrl).pathname.slice(1);
  const name = roleName(database_, 'ingest');
  const thief = await dataSourceFor(database.urls.ingest, { poolSize: 1 }).initialize();
  await thief.query(`ALTER ROLE ${name} SET work_mem = '64kB'`);
  await thief.query(`ALTER ROLE ${name} IN DATABASE ${database_} SET search_path = 'pg_temp'`);
  await thief.query(`ALTER ROLE ${name} PASSWORD 'stolen'`);
  await thief.destroy();
  const urls = await applyRoles(database.ownerUrl, PASSWORDS);
  expect(await whoAmI(urls.ingest)).toBe(name);
  const rows: { setting: string }[] = await database.owner.query(
    `SELECT split_part(unnest(setconfig), '=', 1) AS setting FROM pg_db_role_setting WHERE setrole = '${name}'::regrole`,
  );
  const [{ version }]: [{ version: number }] = await database.owner.query(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  const { role: _, transaction_timeout: since17, ...since15 } = SERVICE_SETTINGS;
  const held = { ...since15, ...(version >= 17_00_00 && { transaction_timeout: since17 }) };
  expect(rows.map((row) => row.setting).toSorted()).toEqual(Object.keys(held).toSorted());
});

test('concurrent runs are harmless', async () => {
  const all = await Promise.all([1, 2, 3].map(() => applyRoles(database.ownerUrl, PASSWORDS)));
  expect(all[0]).toEqual(all[2]);
  expect(await whoAmI(all[1]?.ingest ?? '')).toMatch(/_ingest$/);
});

test('an owner who is not a superuser needs CREATEROLE, and the error says so', async () => {
  const name = new URL(database.ownerUrl).pathname.slice(1);
  const owner = `${name}_owner`;
  await database.owner.query(`CREATE ROLE ${owner} LOGIN PASSWORD 'x'`);
  try {
    for (const [sql] of [[`ALTER DATABASE ${name} OWNER TO ${owner}`], ...(await ownTables(owner))])
      await database.owner.query(sql as string);
    for (const role of DATABASE_ROLES) {
      await database.owner.query(`DROP OWNED BY ${name}_${role}`);
      await database.owner.query(`DROP ROLE ${name}_${role}`);
    }
    const url = new URL(database.ownerUrl);
    url.username = owner;
    url.password = 'x';
    await expect(applyRoles(url.href, PASSWORDS)).rejects.toThrow('the owner needs CREATEROLE');
    await database.owner.query(`ALTER ROLE ${owner} CREATEROLE`);
    const urls = await applyRoles(url.href, PASSWORDS);
    await applyRoles(url.href, PASSWORDS);
    expect(await whoAmI(urls.audit)).toBe(`${name}_audit`);
  } finally {
    await database.owner.query(`ALTER DATABASE ${name} OWNER TO CURRENT_USER`);
    await database.owner.query(`REASSIGN OWNED BY ${owner} TO CURRENT_USER`);
    for (const role of [...DATABASE_ROLES, 'owner'])
      await database.owner.query(
        `DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = '${name}_${role}') THEN
           DROP OWNED BY ${name}_${role} CASCADE; END IF; END $$`,
      );
    for (const role of [...DATABASE_ROLES, 'owner'])
      await database.owner.query(`DROP ROLE IF EXISTS ${name}_${role}`);
  }
});

async function ownTables(owner: string): Promise<string[][]> {
  const rows: { sql: string }[] = await database.owner.query(
    `SELECT format('ALTER TABLE %I OWNER TO ${owner}', tablename) AS sql FROM pg_tables WHERE schemaname = 'public'
     UNION ALL
     SELECT format('ALTER FUNCTION %s OWNER TO ${owner}', oid::regprocedure) FROM pg_proc
     WHERE pronamespace = 'public'::regnamespace`,
  );
  return rows.map((row) => [row.sql]);
}

test.each([
  ['', 'printable ASCII'],
  ['pässword', 'printable ASCII'],
])('the password %p is refused', async (audit, reason) => {
  await expect(applyRoles(database.ownerUrl, { ...PASSWORDS, audit })).rejects.toThrow(reason);
});

test('a database name that would truncate the roles’ names is refused', () => {
  expect(roleName('d'.repeat(56), 'ingest')).toHaveLength(63);
  expect(() => roleName('d'.repeat(57), 'ingest')).toThrow('give the database a shorter name');
});

test('passwords are stored only as SCRAM verifiers', async () => {
  const name = new URL(database.ownerUrl).pathname.slice(1);
  const rows: { verifier: string }[] = await database.owner.query(
    `SELECT rolpassword AS verifier FROM pg_authid WHERE rolname LIKE $1`,
    [`${name}\\_%`],
  );
  expect(rows).toHaveLength(DATABASE_ROLES.length);
  for (const { verifier } of rows) expect(verifier).toMatch(/^SCRAM-SHA-256\$4096:/);
});
