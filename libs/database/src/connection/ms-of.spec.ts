import { createEmptyDatabase } from '@backup-awareness/testing';
import pg from 'pg';
import { msOf } from './ms-of.js';

let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
let client: pg.Client;
beforeAll(async () => {
  empty = await createEmptyDatabase();
  client = new pg.Client(empty.url);
  await client.connect();
});
afterAll(async () => {
  await client?.end();
  await empty?.drop();
});

test.each([
  ['2026-01-01T10:00:00.123000Z', Date.parse('2026-01-01T10:00:00.123Z')],
  ['2026-01-01T10:00:00.123999Z', Date.parse('2026-01-01T10:00:00.123Z')],
  ['2026-01-01T10:00:00.000001Z', Date.parse('2026-01-01T10:00:00.000Z')],
  ['9999-12-31T23:59:59.999999Z', Date.parse('9999-12-31T23:59:59.999Z')],
  ['1970-01-01T00:00:00Z', 0],
  ['1969-12-31T23:59:59.999500Z', -1],
  [null, null],
])('%p is %p in whole milliseconds, finer digits cut off', async (text, expected) => {
  const sql = `SELECT ${msOf('$1::timestamptz')} AS ms`;
  expect((await client.query(sql, [text])).rows).toEqual([{ ms: expected }]);
});
