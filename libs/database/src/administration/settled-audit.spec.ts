import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { SqlRunner } from '../connection/sql-runner.js';
import { listAudit } from './list-audit.js';
import { newestSettledAudit } from './settled-audit.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const write = (sql: SqlRunner, eventId: string) =>
  sql.query(
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     VALUES (now(), 'EngineAdded', 0, 0, 'x', 'spec', $1, 'EngineAdded', '{}')`,
    [eventId],
  );

test('a log without rows ends at 0', async () => {
  expect(await newestSettledAudit(database.owner, 60_000)).toBe('0');
});

test('the log ends at a row only when those before it are there or will never be', async () => {
  const { owner } = database;
  const [early, failing] = [owner.createQueryRunner(), owner.createQueryRunner()];
  await early.startTransaction();
  await write(early, 'early');
  await failing.startTransaction();
  await write(failing, 'failing');
  await write(owner, 'late');

  expect(await newestSettledAudit(owner, 0)).toBeUndefined();

  const settled = newestSettledAudit(owner, 60_000);
  await early.commitTransaction();
  await failing.rollbackTransaction();
  const newest = await settled;
  const before = String(BigInt(newest!) + 1n);
  const rows = await listAudit(owner, { before, limit: 10 });
  expect(rows.map(({ event_id }) => event_id)).toEqual(['early', 'late']);
  for (const runner of [early, failing]) await runner.release();
});

test('who reads the log, or writes to another table, is not waited for', async () => {
  const reader = database.owner.createQueryRunner();
  await reader.startTransaction();
  await reader.query('SELECT count(*) FROM audit_log');
  await reader.query(`INSERT INTO engine (fqdn) VALUES ('e.example.com')`);
  expect(await newestSettledAudit(database.owner, 0)).toBe(
    (await listAudit(database.owner, { limit: 1 }))[0]!.audit_log_id,
  );
  await reader.rollbackTransaction();
  await reader.release();
});
