import { SETTINGS } from '@backup-awareness/contracts';
import { createEmptyDatabase, createTestDatabase } from '@backup-awareness/testing';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { readOptions } from './administration/options.js';
import { applySchema, pendingMigrations } from './apply-schema.js';
import { dataSourceFor } from './data-source-for.js';
import { MIGRATIONS } from './migrations/migrations.js';

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

test('applied by several at once it is applied once', async () => {
  await Promise.all(Array.from({ length: 4 }, () => applySchema(empty.url)));
  expect(await owner.query('SELECT name FROM schema_migration')).toHaveLength(names.length);
});

test('it waits for another that holds the lock', async () => {
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

test('a migration that fails leaves nothing of itself, and says why', async () => {
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

test('a server that is not there is told at once', async () => {
  await expect(applySchema('postgres://postgres@127.0.0.1:1/x')).rejects.toThrow('ECONNREFUSED');
});

test('the tables are those of the entities, column by column and index by index', async () => {
  await applySchema(empty.url);
  const { upQueries } = await owner.driver.createSchemaBuilder().log();
  expect(upQueries.map((query) => query.query)).toEqual([]);
});

test('the settings stand at the defaults of the contract', async () => {
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

test('it can be taken back whole', async () => {
  await applySchema(empty.url);
  for (const _ of names) await owner.undoLastMigration();
  const [{ count }] = await owner.query(
    `SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public' AND tablename NOT IN ('schema_migration', 'schema_lock'))
       + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace) AS count`,
  );
  expect(count).toBe('0');
  await applySchema(empty.url);
});

test('every service may see whether migrations are pending', async () => {
  const database = await createTestDatabase();
  for (const url of Object.values(database.urls)) {
    const service = await dataSourceFor(url).initialize();
    expect(await pendingMigrations(service)).toEqual([]);
    await service.destroy();
  }
  await database.drop();
});
