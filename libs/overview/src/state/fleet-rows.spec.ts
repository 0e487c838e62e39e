import { setTimeout } from 'node:timers/promises';
import { logReports } from '@backup-awareness/database';
import type { SqlRunner } from '@backup-awareness/database/connection';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { readFleetRows, type FleetMemory } from './fleet-rows.js';

let database: TestDatabase;
let memory: FleetMemory;

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE engine_backup_log, engine, engine_last_success');
  await database.owner.query(
    `INSERT INTO engine (fqdn) SELECT format('e%s.example.com', i) FROM generate_series(1, 5) i`,
  );
  await succeed('e1');
  memory = {};
  await rows(memory);
});

const succeed = (name: string, at = 1) =>
  logReports(
    database.owner,
    ['db', 'files'].map((scope) =>
      exampleReport({
        scope,
        fqdn: `${name}.example.com`,
        isPassed: true,
        doneAt: `2026-01-0${at}T00:00:00.000000Z`,
      }),
    ),
  );
const change = (sql: string) => database.owner.query(sql);

/** As of one snapshot, sorted by name. */
async function rows(remembered?: FleetMemory, onSql = (sql: SqlRunner) => sql) {
  const read = await database.owner.transaction('REPEATABLE READ', (manager) =>
    readFleetRows(onSql(manager), remembered),
  );
  return read.toSorted((a, b) => a.fqdn.localeCompare(b.fqdn));
}

/** Tells how many rows were read of the tables. */
async function rowsRead(remembered: FleetMemory): Promise<number> {
  let count = 0;
  await rows(remembered, (sql) => ({
    query: async (text, parameters) => {
      const read = await sql.query(text, parameters);
      if (!text.includes('pg_current_snapshot')) count += read.length;
      return read;
    },
  }));
  return count;
}

test.each<[string, () => Promise<unknown>]>([
  ['nothing has changed', async () => undefined],
  ['an engine has its first full backup', () => succeed('e2')],
  ['an engine has a newer full backup', () => succeed('e1', 2)],
  ['a report has registered an engine', () => succeed('new')],
  ['an engine is retired', () => change(`UPDATE engine SET retired_at = now() WHERE fqdn ~ 'e3'`)],
  [
    'an engine has a period of its own',
    () =>
      change(
        `UPDATE engine SET alert_period_days = 3, alert_period_changed_at = now() WHERE fqdn ~ 'e3'`,
      ),
  ],
  ['an engine was removed by hand', () => change(`DELETE FROM engine WHERE fqdn ~ 'e4'`)],
  ['an engine was renamed by hand', () => change(`UPDATE engine SET fqdn = 'z' WHERE fqdn ~ 'e4'`)],
  [
    'one was removed and another one added',
    async () => {
      await change(`DELETE FROM engine WHERE fqdn ~ 'e4'`);
      await succeed('new');
    },
  ],
  [
    'a success was removed by hand',
    () => change(`DELETE FROM engine_last_success WHERE scope = 'db'`),
  ],
  [
    'the tables were rewritten',
    async () => {
      await succeed('e3');
      await change('VACUUM FULL engine_last_success');
      await change('VACUUM FREEZE engine');
    },
  ],
  ['everything was removed', () => change('TRUNCATE engine, engine_last_success')],
])('given a memory, when %s, the rows are those of the database', async (_, happen) => {
  const before = await rows(memory);
  await happen();
  const after = await rows(memory);
  expect(after).toEqual(await rows());
  expect(before).not.toBe(after);
  expect(await rows(memory)).toEqual(after);
});

test('given a transaction that began before the last read and ended after it, its rows are read', async () => {
  const open = database.owner.createQueryRunner();
  await open.startTransaction();
  await open.query(`UPDATE engine SET retired_at = now() WHERE fqdn ~ 'e5'`);
  await succeed('e2');
  await rows(memory);
  await open.commitTransaction();
  await open.release();
  const read = await rows(memory);
  expect(read.filter(({ retiredAt }) => retiredAt !== null)).toHaveLength(1);
  expect(read).toEqual(await rows());
});

test('given a memory, only what has changed is read', async () => {
  expect(await rowsRead({})).toBe(7);
  // While a transaction is open, whatever was written since it began is read again: others use this server too.
  while ((await rowsRead(memory)) > 0) await setTimeout(20);
  await succeed('e2');
  expect(await rowsRead(memory)).toBe(2);
  while ((await rowsRead(memory)) > 0) await setTimeout(20);
});

test('given a memory of another server or database, everything is read', async () => {
  const { kept } = memory;
  expect(await rowsRead({ kept: { ...kept!, source: 'another' } })).toBe(7);
});

test('given a memory that is older than a minute, everything is read', async () => {
  const { kept } = memory;
  const fullyReadAtMs = kept!.fullyReadAtMs - 60_001;
  expect(await rowsRead({ kept: { ...kept!, fullyReadAtMs } })).toBe(7);
});
