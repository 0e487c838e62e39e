import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { randomUUID } from 'node:crypto';
import { inTransaction } from '../connection/in-transaction.js';
import { recordAudit, type AuditRow } from './record-audit.js';
import { sqlState } from '../connection/sql-state.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database?.drop());

const ACTIVE = randomUUID();
const CLEARED = randomUUID();
const CLEARED_FIRST = randomUUID();

function event(eventName: string, alertId: string | null): AuditRow {
  return {
    logTime: '2026-01-01T10:00:00Z',
    logTypeName: 'ENGINE_NO_FULL_BACKUP',
    logType: 9022,
    severity: 10,
    message: eventName,
    origin: '/ovirt/engines/engine.example.com',
    correlationId: null,
    fqdn: 'engine.example.com',
    alertId,
    reportOf: null,
    reportedBy: null,
    eventId: randomUUID(),
    eventName,
    customData: '{}',
  };
}

beforeEach(async () => {
  await emptyAuditLog();
  await recordAudit(database.owner, [
    event('BackupAlertRaised', ACTIVE),
    event('AlertDismissed', ACTIVE),
    event('BackupAlertRaised', CLEARED),
    event('BackupAlertCleared', CLEARED),
    event('BackupAlertCleared', CLEARED_FIRST),
    event('ENGINE_BACKUP_COMPLETED', null),
  ]);
});

/** Clears active alerts first: the table cannot be emptied otherwise. */
async function emptyAuditLog(): Promise<void> {
  await recordAudit(database.owner, [event('BackupAlertCleared', ACTIVE)]);
  await database.owner.query('TRUNCATE audit_log');
}

const rows = async (): Promise<number> =>
  (await database.owner.query('SELECT count(*)::int AS n FROM audit_log'))[0].n;

test.each([
  [
    'the row of an active alert',
    `alert_id = '${ACTIVE}' AND event_name = 'BackupAlertRaised'`,
    /is active/,
  ],
  ['everything of an active alert', `alert_id = '${ACTIVE}'`, /is active/],
  ['every row', 'true', /is active/],
  [
    'only what cleared an alert',
    `alert_id = '${CLEARED}' AND event_name = 'BackupAlertCleared'`,
    /without the row that raised it/,
  ],
  [
    'a Cleared whose Raised has not arrived yet',
    `alert_id = '${CLEARED_FIRST}'`,
    /without the row that raised it/,
  ],
])('%s cannot be deleted, not even by the owner', async (_, condition, reason) => {
  const failure: unknown = await database.owner
    .query(`DELETE FROM audit_log WHERE ${condition}`)
    .catch((error: unknown) => error);
  expect(String(failure)).toMatch(reason);
  expect(sqlState(failure)).toBe('23001');
  expect(await rows()).toBe(6);
});

test.each([
  ['a cleared alert with what cleared it', `alert_id = '${CLEARED}'`, 2],
  [
    'a cleared alert without what cleared it',
    `alert_id = '${CLEARED}' AND event_name = 'BackupAlertRaised'`,
    1,
  ],
  ['an event of no alert', `event_name = 'ENGINE_BACKUP_COMPLETED'`, 1],
  ['the dismissal of an active alert', `event_name = 'AlertDismissed'`, 1],
  ['nothing', 'false', 0],
])('%s can be deleted', async (_, condition, deleted) => {
  const [, count] = await database.owner.query(`DELETE FROM audit_log WHERE ${condition}`);
  expect(count).toBe(deleted);
});

test.each(['message', 'event_name', 'alert_id', 'log_time'])(
  '%s cannot be changed in any row',
  async (column) => {
    for (const condition of ['true', `event_name = 'ENGINE_BACKUP_COMPLETED'`, 'false'])
      await expect(
        database.owner.query(`UPDATE audit_log SET ${column} = ${column} WHERE ${condition}`),
      ).rejects.toThrow('rows are never altered');
  },
);

test('the table can be truncated only while no alert is active', async () => {
  await expect(database.owner.query('TRUNCATE audit_log')).rejects.toThrow(
    '1 active alert(s), the table cannot be truncated',
  );
  expect(await rows()).toBe(6);
  await recordAudit(database.owner, [event('BackupAlertCleared', ACTIVE)]);
  await database.owner.query('TRUNCATE audit_log');
  expect(await rows()).toBe(0);
});

test('the table cannot be truncated under a snapshot, which may be older than an alert', async () => {
  const truncateBySnapshot = inTransaction(database.owner, async (manager) => {
    await manager.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    await manager.query('TRUNCATE audit_log');
  });
  await expect(truncateBySnapshot).rejects.toThrow('needs the isolation level READ COMMITTED');
});

test('an alert is not active if its Cleared arrived before its Raised', async () => {
  await recordAudit(database.owner, [event('BackupAlertRaised', CLEARED_FIRST)]);
  const [, count] = await database.owner.query(
    `DELETE FROM audit_log WHERE alert_id = '${CLEARED_FIRST}'`,
  );
  expect(count).toBe(2);
});

test('the rules hold even while triggers are off for replication', async () => {
  for (const statement of [
    'DELETE FROM audit_log',
    'UPDATE audit_log SET severity = 0',
    'TRUNCATE audit_log',
  ])
    await expect(
      database.owner.query(`SET LOCAL session_replication_role = replica; ${statement}`),
    ).rejects.toThrow('audit_log:');
  expect(await rows()).toBe(6);
});

test('the row of an alert is refused without the alert’s id', async () => {
  const failure: unknown = await recordAudit(database.owner, [
    event('BackupAlertRaised', null),
  ]).catch((error: unknown) => error);
  expect(sqlState(failure)).toBe('23514');
});
