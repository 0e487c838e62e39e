import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { createHash } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { recordAudit, type AuditRow } from './record-audit.js';
import { isDataError, sqlState } from '../connection/sql-state.js';

let database: TestDatabase;
let audit: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  audit = await dataSourceFor(database.urls.audit).initialize();
});
afterAll(async () => {
  await audit?.destroy();
  await database?.drop();
});
beforeEach(() => database.owner.query('TRUNCATE audit_log'));

function row(eventId: string, fields: Partial<AuditRow> = {}): AuditRow {
  return {
    logTime: '2026-01-01T10:00:00.123456Z',
    logTypeName: 'ENGINE_BACKUP_COMPLETED',
    logType: 9025,
    severity: 0,
    message: 'a "message" \\ with {all} kinds, of\nsigns',
    origin: '/ovirt/engines/engine.example.com',
    correlationId: null,
    fqdn: 'engine.example.com',
    alertId: null,
    reportOf: null,
    reportedBy: null,
    eventId,
    eventName: 'ENGINE_BACKUP_COMPLETED',
    customData: '{"scope": "db", "text": "a \\"quote\\""}',
    ...fields,
  };
}

const countRows = async (): Promise<number> =>
  (await database.owner.query('SELECT count(*)::int AS n FROM audit_log'))[0].n;

test('every digit of a number is kept and compared', async () => {
  const numbers = (last: string) =>
    row('a', {
      customData: `{"a": [9007199254740993, 0.10000000000000000000001, 1e400, ${last}]}`,
    });
  expect(await recordAudit(audit, [numbers('12345678901234567890')])).toEqual(['stored']);
  expect(
    await recordAudit(audit, [numbers('12345678901234567890'), numbers('12345678901234567891')]),
  ).toEqual(['duplicate', 'id_reused']);
  const [stored] = await database.owner.query('SELECT custom_data::text AS text FROM audit_log');
  expect(stored.text).toBe(
    `{"a": [9007199254740993, 0.10000000000000000000001, 1${'0'.repeat(400)}, 12345678901234567890]}`,
  );
});

test('an event is recorded as received', async () => {
  expect(await recordAudit(audit, [row('a')])).toEqual(['stored']);
  const [stored] = await database.owner.query('SELECT * FROM audit_log');
  expect(stored).toMatchObject({
    log_time: new Date('2026-01-01T10:00:00.123Z'),
    log_type_name: 'ENGINE_BACKUP_COMPLETED',
    log_type: 9025,
    severity: 0,
    message: row('a').message,
    origin: '/ovirt/engines/engine.example.com',
    event_id: 'a',
    custom_data: { scope: 'db', text: 'a "quote"' },
  });
});

test('a repeated event is a duplicate, whatever the spacing and order of its JSON', async () => {
  await recordAudit(audit, [row('a')]);
  const respelt = row('a', { customData: '{ "text":"a \\u0022quote\\u0022","scope":"db" }' });
  expect(await recordAudit(audit, [row('a'), respelt, row('a', { message: 'reworded' })])).toEqual(
    Array(3).fill('duplicate'),
  );
  expect(await countRows()).toBe(1);
});

test('another event under the same id is detected, in a later batch and in the same one', async () => {
  const other = row('a', { customData: '{"scope": "files"}' });
  const renamed = row('a', { eventName: 'ENGINE_BACKUP_FAILED' });
  const expected = ['id_reused', 'id_reused'];
  expect(await recordAudit(audit, [row('a'), other, renamed])).toEqual(['stored', ...expected]);
  expect(await recordAudit(audit, [other, renamed])).toEqual(expected);
});

test('the same id from two sources is two events', async () => {
  const elsewhere = row('a', { origin: '/ovirt/engines/other.example.com' });
  expect(await recordAudit(audit, [row('a'), elsewhere])).toEqual(['stored', 'stored']);
});

test.each([
  ['a NUL in its data', { customData: '{"a": "\\u0000"}' }, '22P05'],
  ['data that is not JSON', { customData: '{' }, '22P02'],
  ['a number with more digits than a numeric has', { customData: '{"a": 1e131072}' }, '22003'],
  ['a number with more decimals than a numeric has', { customData: '{"a": 1e-16384}' }, '22003'],
  ['an invalid alert id', { alertId: 'x' }, '22P02'],
  ['a key too long for an index', { origin: `/${'x'.repeat(4_000)}` }, '23514'],
])('%s is an error of data', async (_, fields, state) => {
  const failure: unknown = await recordAudit(audit, [row('a'), row('b', fields)]).catch(
    (error: unknown) => error,
  );
  expect(sqlState(failure)).toBe(state);
  expect(isDataError(failure)).toBe(true);
  expect(await countRows()).toBe(0);
});

test('writers with the same events in opposite orders do not deadlock', async () => {
  for (let round = 0; round < 10; round++) {
    const batch = Array.from({ length: 200 }, (_, index) => row(`${round}-${index}`));
    const outcomes = await Promise.all([
      recordAudit(audit, batch),
      recordAudit(audit, batch.toReversed()),
      recordAudit(audit, batch),
    ]);
    expect(outcomes.flat().filter((outcome) => outcome === 'stored')).toHaveLength(200);
    expect(outcomes.flat().filter((outcome) => outcome === 'duplicate')).toHaveLength(400);
  }
  expect(await countRows()).toBe(2_000);
});

test('a cut copy of a report recorded in full is a duplicate, and any other report is not', async () => {
  const sha = (text: string) => ({ sha256: createHash('sha256').update(text).digest('hex') });
  const data = (output_message: string, more: object = {}) =>
    row('long', {
      customData: JSON.stringify({ scope: 'db', log_path: '/x', output_message, ...more }),
    });
  const whole = 'x'.repeat(5_000);
  const kept = 'x'.repeat(4_096);
  const cut = (text: string, more: object = {}) =>
    data(kept, { cut: { table: 'engine_backup_log', output_message: sha(text) }, ...more });
  await recordAudit(audit, [data(whole)]);
  const batch = [cut(whole), cut(`${whole}y`), cut(whole, { scope: 'files' }), data(kept)];
  expect(await recordAudit(audit, batch)).toEqual([
    'duplicate',
    'id_reused',
    'id_reused',
    'id_reused',
  ]);
  await database.owner.query('TRUNCATE audit_log');
  expect(await recordAudit(audit, [cut(whole), cut(whole), cut(`${whole}y`)])).toEqual([
    'stored',
    'duplicate',
    'id_reused',
  ]);
});

test('a report about an unknown engine registers it, up to the limit', async () => {
  await database.owner.query('TRUNCATE engine');
  await database.owner.query(
    `UPDATE vdc_options SET option_value = '1' WHERE option_name = 'EngineRegistrationMax'`,
  );
  const about = (name: string) =>
    row(name, { reportOf: name, fqdn: name, origin: `/ovirt/engines/${name}` });
  expect(await recordAudit(audit, [about('a'), row('no report')])).toEqual(['stored', 'stored']);
  const batch = [about('b'), row('of no engine'), about('a'), row('of another', { fqdn: 'c' })];
  expect(await recordAudit(audit, batch)).toEqual([
    'unknown_engine',
    'stored',
    'duplicate',
    'stored',
  ]);
  expect(await database.owner.query('SELECT fqdn FROM engine')).toEqual([{ fqdn: 'a' }]);
  await database.owner.query('TRUNCATE engine');
});

test('a report is accepted only from its engine’s broker user, and other events from any sender', async () => {
  await database.owner.query(
    `INSERT INTO engine (fqdn, broker_user) VALUES ('engine.example.com', 'host')`,
  );
  const reportOf = 'engine.example.com';
  const rows = [
    row('mine', { reportOf, reportedBy: 'host' }),
    row('another’s', { reportOf, reportedBy: 'other' }),
    row('nobody’s', { reportOf }),
    row('of administration', { eventName: 'EngineAdded', reportedBy: 'freshness-checker' }),
  ];
  expect(await recordAudit(audit, rows)).toEqual([
    'stored',
    'not_authorised',
    'not_authorised',
    'stored',
  ]);
  const copy = { ...rows[0]!, reportedBy: 'other' };
  expect(await recordAudit(audit, [copy, rows[0]!, row('new')])).toEqual([
    'not_authorised',
    'duplicate',
    'stored',
  ]);
  expect(await countRows()).toBe(3);
});
