import {
  createTestDatabase,
  eventually,
  exampleReport as report,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { logReports } from './log-reports.js';
import { listenForSuccesses } from './success-hint.js';

let database: TestDatabase;
let checker: DataSource;
let stopping: AbortController;
let listening: Promise<void>;
let hints = 0;

beforeEach(async () => {
  database = await createTestDatabase();
  checker = await dataSourceFor(database.urls.checker).initialize();
  stopping = new AbortController();
  hints = 0;
  listening = listenForSuccesses(checker, () => hints++, stopping.signal);
  await eventually(async () => expect(await listeners()).toHaveLength(1));
});
afterEach(async () => {
  stopping?.abort();
  await listening;
  await checker?.destroy();
  await database?.drop();
});

const listeners = (): Promise<{ pid: number }[]> =>
  database.owner.query(
    `SELECT pid FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()`,
  );

const raise = (fqdn: string) =>
  database.owner.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
     VALUES (gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', $1, now(), now(), 1, 1, '')`,
    [fqdn],
  );

/** Every hint that was sent before it has come when its own has: the server delivers in the order of commits. */
async function untilDelivered(): Promise<void> {
  const before = hints;
  await raise('last.example.com').catch(() => undefined);
  await logReports(database.owner, [report({ fqdn: 'last.example.com', eventId: 'last' })]);
  await eventually(() => expect(hints).toBeGreaterThan(before));
}

test('a success is hinted at while an alert is active', async () => {
  await raise('engine.example.com');
  await logReports(database.owner, [report()]);
  await eventually(() => expect(hints).toBe(1));
});

test('many successes of one batch are one hint', async () => {
  await raise('engine.example.com');
  await logReports(database.owner, [
    report({ eventId: 'a', scope: 'db' }),
    report({ eventId: 'b', scope: 'files' }),
    report({ eventId: 'c', fqdn: 'other.example.com' }),
  ]);
  await eventually(() => expect(hints).toBe(1));
});

test('without an active alert there is no hint', async () => {
  await logReports(database.owner, [report()]);
  await untilDelivered();
  expect(hints).toBe(1);
});

test('what is no success, or older than the last one, is no hint', async () => {
  await raise('engine.example.com');
  await logReports(database.owner, [report({ eventId: 'last' })]);
  await logReports(database.owner, [
    report({ eventId: 'failed', isPassed: false }),
    report({ eventId: 'started', isPassed: null }),
    report({ eventId: 'older', doneAt: '2025-01-01T10:00:00.000000Z' }),
  ]);
  await untilDelivered();
  expect(hints).toBe(2);
});

test('after the connection was lost there are hints again', async () => {
  const [listener] = await listeners();
  await database.owner.query('SELECT pg_terminate_backend($1)', [listener!.pid]);
  await eventually(async () => {
    const now = await listeners();
    expect(now).toHaveLength(1);
    expect(now[0]!.pid).not.toBe(listener!.pid);
  });
  await raise('engine.example.com');
  await logReports(database.owner, [report()]);
  await eventually(() => expect(hints).toBe(1));
});

test('its connection is the pool’s again once it has stopped', async () => {
  stopping.abort();
  await listening;
  expect(await checker.query('SELECT pg_listening_channels()')).toEqual([]);
  await raise('engine.example.com');
  await logReports(database.owner, [report()]);
  expect(hints).toBe(0);
});
