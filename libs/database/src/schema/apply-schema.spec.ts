import { SETTINGS } from '@backup-awareness/contracts';
import { createEmptyDatabase, createTestDatabase, eventually } from '@backup-awareness/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { readOptions } from '../administration/options.js';
import { applyRoles } from './apply-roles.js';
import { applySchema, pendingMigrations } from './apply-schema.js';
import { SERVICE_ROLES } from './database-role.js';
import { dataSourceFor } from '../connection/data-source-for.js';
import { MIGRATIONS } from './migrations/migrations.js';

const PASSWORDS = { ingest: 'a', checker: 'b', audit: 'c' };
const names = MIGRATIONS.map((migration) => migration.name);

let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
let owner: DataSource;
beforeEach(async () => {
  empty = await createEmptyDatabase();
  owner = await dataSourceFor(empty.url).initialize();
});
afterEach(async () => {
  await owner?.destroy();
  await empty?.drop();
});

test('every migration is pending before the schema is applied, and none after', async () => {
  expect(await pendingMigrations(owner)).toEqual(names);
  await applySchema(empty.url);
  expect(await pendingMigrations(owner)).toEqual([]);
});

test('applied again it changes nothing', async () => {
  await applySchema(empty.url);
  await owner.query(`UPDATE vdc_options SET option_value = '2'`);
  await applySchema(empty.url);
  expect(await owner.query('SELECT name FROM schema_migration')).toHaveLength(names.length);
  expect((await readOptions(owner)).every((option) => option.value === '2')).toBe(true);
});

test('applied concurrently, each migration runs once', async () => {
  await Promise.all(Array.from({ length: 8 }, () => applySchema(empty.url)));
  expect(await owner.query('SELECT name FROM schema_migration')).toHaveLength(names.length);
});

test('it waits for an earlier version that holds its lock', async () => {
  const other = new pg.Client(empty.url);
  await other.connect();
  await other.query(`SELECT pg_advisory_lock(${0x6f56}, ${0x6261})`);
  const waiting = applySchema(empty.url);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(await pendingMigrations(owner)).toEqual(names);
  await other.end();
  await waiting;
  expect(await pendingMigrations(owner)).toEqual([]);
});

test('it waits for another process that holds the schema lock', async () => {
  await applySchema(empty.url);
  await owner.undoLastMigration();
  const other = new pg.Client(empty.url);
  await other.connect();
  await other.query('BEGIN');
  await other.query('LOCK TABLE schema_lock IN EXCLUSIVE MODE');
  const waiting = applySchema(empty.url);
  await eventually(async () =>
    expect(await owner.query('SELECT FROM pg_locks WHERE NOT granted')).toHaveLength(1),
  );
  expect(await pendingMigrations(owner)).toHaveLength(1);
  await other.end();
  await waiting;
  expect(await pendingMigrations(owner)).toEqual([]);
});

describe('a database with objects that are not ours', () => {
  test.each([
    ['a table', ['CREATE TABLE theirs (a int)'], 'public.theirs'],
    ['a table in another schema', ['CREATE SCHEMA s', 'CREATE TABLE s.theirs (a int)'], 's.theirs'],
    [
      'a table with the name of one of ours in another schema',
      ['CREATE SCHEMA s', 'CREATE TABLE s.engine ()'],
      's.engine',
    ],
    ['a sequence', ['CREATE SEQUENCE theirs'], 'public.theirs'],
    ['a view in public', ['CREATE VIEW theirs AS SELECT 1'], 'public.theirs'],
  ])('%s is refused before anything is changed', async (_, statements, name) => {
    for (const sql of statements) await owner.query(sql);
    const refusal = `the database must be for Backup Awareness alone, but it contains ${name}: set DATABASE_URL`;
    await expect(applySchema(empty.url)).rejects.toThrow(refusal);
    await expect(applyRoles(empty.url, PASSWORDS)).rejects.toThrow(refusal);
    expect(
      await owner.query(`SELECT to_regclass('schema_lock') AS lock, to_regclass('engine') AS engine,
      has_database_privilege('public', current_database(), 'CONNECT') AS open`),
    ).toEqual([{ lock: null, engine: null, open: true }]);
  });

  test('views in a schema of their own keep their privileges, and the objects of extensions too', async () => {
    await applySchema(empty.url);
    for (const sql of [
      'CREATE SCHEMA grafana',
      'CREATE VIEW grafana.engines AS SELECT fqdn FROM engine',
      'GRANT USAGE ON SCHEMA grafana TO PUBLIC',
      'GRANT SELECT ON grafana.engines TO PUBLIC',
      'CREATE EXTENSION pg_stat_statements SCHEMA public',
      'CREATE EXTENSION pgcrypto SCHEMA public',
    ])
      await owner.query(sql);
    await applySchema(empty.url);
    const urls = await applyRoles(empty.url, PASSWORDS);
    const service = await dataSourceFor(urls.audit).initialize();
    expect(await service.query('SELECT * FROM grafana.engines')).toEqual([]);
    expect(await service.query(`SELECT length(gen_salt('md5')) > 0 AS callable`)).toEqual([
      { callable: true },
    ]);
    await service.destroy();
  });

  test('tables of a later version are accepted', async () => {
    await applySchema(empty.url);
    await owner.query(
      `INSERT INTO schema_migration (timestamp, name) VALUES (9764330000000, 'Later9764330000000')`,
    );
    await owner.query('CREATE TABLE later (a int)');
    await applySchema(empty.url);
  });
});

test('an existing alert period that is out of range does not stop the migration', async () => {
  await applySchema(empty.url);
  await owner.query('ALTER TABLE engine DROP CONSTRAINT engine_alert_period_in_range');
  await owner.query('DROP TABLE removal_step');
  await owner.query(`DELETE FROM schema_migration WHERE name LIKE 'NarrowRights%'`);
  await owner.query(`INSERT INTO engine (fqdn, alert_period_days) VALUES ('e', 'NaN')`);
  await applySchema(empty.url);
  await expect(owner.query('UPDATE engine SET version = 1')).rejects.toThrow(
    'engine_alert_period_in_range',
  );
});

test('a failed migration changes nothing, and the error says why', async () => {
  await owner.query('CREATE TABLE outbox (mine int)');
  await expect(applySchema(empty.url)).rejects.toThrow(
    'the database schema could not be brought up to date: relation "outbox" already exists',
  );
  expect(await owner.query(`SELECT tablename FROM pg_tables WHERE schemaname = 'public'`)).toEqual(
    expect.not.arrayContaining([{ tablename: 'engine' }]),
  );
  expect(await pendingMigrations(owner)).toEqual(names);
  await owner.query('DROP TABLE outbox');
  await applySchema(empty.url);
});

test('an unreachable server fails at once', async () => {
  await expect(applySchema('postgres://postgres@127.0.0.1:1/x')).rejects.toThrow('ECONNREFUSED');
});

test('the tables match the entities, column by column and index by index', async () => {
  await applySchema(empty.url);
  const { upQueries } = await owner.driver.createSchemaBuilder().log();
  expect(upQueries.map((query) => query.query)).toEqual([]);
});

test('the settings have the defaults of the contract', async () => {
  await applySchema(empty.url);
  const stored = await readOptions(owner);
  expect(stored).toEqual(
    Object.entries(SETTINGS)
      .map(([name, { defaultValue }]) => ({
        name,
        value: defaultValue,
        defaultValue,
        changedAt: null,
      }))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
});

test('all migrations can be undone', async () => {
  await applySchema(empty.url);
  for (const _ of names) await owner.undoLastMigration();
  const [{ count }] = await owner.query(
    `SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('schema_migration', 'schema_lock'))
       + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS count`,
  );
  expect(count).toBe('0');
  await applySchema(empty.url);
});

test('every service can see whether migrations are pending', async () => {
  const database = await createTestDatabase();
  for (const role of [...SERVICE_ROLES, 'notifier', 'console'] as const) {
    const service = await dataSourceFor(database.urls[role]).initialize();
    expect(await pendingMigrations(service)).toEqual([]);
    await service.destroy();
  }
  await database.drop();
});
