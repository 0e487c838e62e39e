import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { inTransaction } from '../connection/in-transaction.js';
import { OLD_ALERTS } from './remove-old-rows.js';

let database: TestDatabase;
let checker: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  checker = await dataSourceFor(database.urls.checker).initialize();
});
afterAll(async () => {
  await checker?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await database.owner.query('TRUNCATE alert, alert_dismissal, engine_alert_state');
  await keepDays('400');
});

const keepDays = (days: string) =>
  database.owner.query(
    `UPDATE vdc_options SET option_value = $1 WHERE option_name = 'AuditLogRetentionInDays'`,
    [days],
  );

interface Given {
  /** Days since it was cleared; null while it is active. */
  readonly cleared: number | null;
  /** Days since it was raised. */
  readonly raised?: number;
  /** Days since it was dismissed. */
  readonly dismissed?: number;
}

async function put(...alerts: Given[]): Promise<void> {
  for (const [i, { cleared, raised = 1_000, dismissed }] of alerts.entries()) {
    const id = randomUUID();
    await database.owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at)
       VALUES ($1, 'ENGINE_NO_FULL_BACKUP', $2, now(), now() - $3::float8 * interval '1 day', 1, 1, $4,
         now() - $5::float8 * interval '1 day')`,
      [id, `engine-${i}`, raised, String(cleared ?? 'active'), cleared],
    );
    if (dismissed !== undefined) await dismiss(id, dismissed);
  }
}
const dismiss = (alertId: string, days: number) =>
  database.owner.query(
    `INSERT INTO alert_dismissal VALUES ($1, now() - $2::float8 * interval '1 day', 'admin')`,
    [alertId, days],
  );

async function removeAll(): Promise<number[]> {
  const removed: number[] = [];
  let next: string | null = null;
  do {
    const step = await OLD_ALERTS.removeStep(checker, next);
    removed.push(step.removed);
    next = step.next;
  } while (next !== null);
  return removed;
}

/** What is left: each alert by the age of its clearing, with a star if dismissed; dismissals without an alert at the end. */
async function kept(): Promise<string[]> {
  const rows: { text: string }[] = await database.owner.query(
    `SELECT coalesce(message, 'none') || CASE WHEN dismissed_at IS NULL THEN '' ELSE ' *' END AS text
     FROM alert FULL JOIN alert_dismissal USING (alert_id) ORDER BY alert.fqdn NULLS LAST`,
  );
  return rows.map(({ text }) => text);
}

test.each<[phrase: string, given: Given[], stays: string[]]>([
  [
    'a cleared alert is removed once its clearing is old',
    [{ cleared: 401 }, { cleared: 399 }],
    ['399'],
  ],
  ['an active alert stays, however old', [{ cleared: null, raised: 9_000 }], ['active']],
  [
    'a dismissal is removed with its alert, however recent, and not before',
    [
      { cleared: 401, dismissed: 2 },
      { cleared: 399, dismissed: 398 },
      { cleared: null, dismissed: 900 },
    ],
    ['399 *', 'active *'],
  ],
])('%s', async (_, given, stays) => {
  await put(...given);
  await removeAll();
  expect(await kept()).toEqual(stays);
});

test('a dismissal whose alert is gone is removed once it is old', async () => {
  await dismiss(randomUUID(), 401);
  await dismiss(randomUUID(), 399);
  await removeAll();
  expect(await kept()).toEqual(['none *']);
});

test('an engine keeps its sequence when its last alert is removed', async () => {
  await database.owner.query(`INSERT INTO engine_alert_state VALUES ('engine-0', 7, 0)`);
  await put({ cleared: 401 });
  await removeAll();
  expect(await database.owner.query('SELECT last_sequence FROM engine_alert_state')).toEqual([
    { last_sequence: '7' },
  ]);
});

test('-1 keeps all; an invalid setting removes nothing and is an error', async () => {
  await put({ cleared: 5_000 });
  await keepDays('-1');
  expect(await removeAll()).toEqual([0]);
  await keepDays('forever');
  await expect(removeAll()).rejects.toThrow('AuditLogRetentionInDays: expected');
  expect(await kept()).toEqual(['5000']);
});

test('a step is bounded, and the next one continues even among alerts cleared at the same time', async () => {
  await database.owner.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at)
     SELECT gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', 'e', now(), now(), 1, i, '', now() - interval '500 days'
     FROM generate_series(1, 1200) i`,
  );
  expect(await removeAll()).toEqual([500, 500, 200]);
});

test('while one process removes, another does nothing', async () => {
  await put({ cleared: 500 }, { cleared: 1 });
  await inTransaction(database.owner, async (transaction) => {
    await transaction.query(`SELECT remove_old_alerts('-infinity', 1)`);
    expect(await OLD_ALERTS.removeStep(checker, null)).toEqual({ removed: 0, next: null });
  });
  expect(await kept()).toEqual(['1']);
});
