import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { recordAudit } from '../audit/record-audit.js';
import { listAudit, type ListedAudit } from './list-audit.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await recordAudit(
    database.owner,
    [1, 2, 3, 4, 5, 6].map((hour) => ({
      logTime: `2026-01-01T0${hour}:00:00.500Z`,
      logTypeName: 'ENGINE_BACKUP_COMPLETED',
      logType: 9025,
      severity: 0,
      message: `at ${hour}`,
      origin: '/ovirt/backup-awareness',
      correlationId: null,
      fqdn: hour % 2 ? 'odd.example.com' : 'even.example.com',
      alertId: null,
      reportOf: null,
      reportedBy: null,
      eventId: String(hour),
      eventName: 'ENGINE_BACKUP_COMPLETED',
      customData: '{"scope":"db"}',
    })),
  );
});
afterAll(() => database?.drop());

const ids = (rows: readonly ListedAudit[]) => rows.map((row) => row.event_id).join('');

test('the newest rows are listed in the order of their recording', async () => {
  const rows = await listAudit(database.owner, { limit: 2 });
  expect(ids(rows)).toBe('56');
  expect(rows[1]).toMatchObject({
    log_time: '2026-01-01T06:00:00.500Z',
    message: 'at 6',
    custom_data: { scope: 'db' },
  });
});

test('rows can be selected by time and engine', async () => {
  const since = new Date('2026-01-01T04:00:00.500Z');
  expect(ids(await listAudit(database.owner, { since, limit: 10 }))).toBe('456');
  const fqdn = 'EVEN.example.com';
  expect(ids(await listAudit(database.owner, { fqdn, limit: 10 }))).toBe('246');
  expect(ids(await listAudit(database.owner, { fqdn, since, limit: 1 }))).toBe('6');
});

test('rows after a given one are listed oldest first', async () => {
  const [first] = await listAudit(database.owner, { limit: 6 });
  const after = first?.audit_log_id;
  expect(ids(await listAudit(database.owner, { after, limit: 2 }))).toBe('23');
  await expect(listAudit(database.owner, { after: 'x', limit: 2 })).rejects.toThrow(
    'the audit_log_id of a row',
  );
});
