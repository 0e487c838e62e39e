import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { inTransaction } from '../connection/in-transaction.js';
import { logReports, type LoggedReport } from '../reports/log-reports.js';
import { OLD_REPORTS } from './remove-old-rows.js';

const DAY_MS = 86_400_000;

let database: TestDatabase;
let ingest: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  ingest = await dataSourceFor(database.urls.ingest).initialize();
});
afterAll(async () => {
  await ingest?.destroy();
  await database?.drop();
});
beforeEach(async () => {
  await database.owner.query('TRUNCATE engine_backup_log, engine');
  await keepDays('400');
});

const keepDays = (days: string) =>
  database.owner.query(
    `INSERT INTO vdc_options (option_name, option_value, default_value) VALUES ('BackupLogRetentionInDays', $1, '400')
     ON CONFLICT (option_name, version) DO UPDATE SET option_value = excluded.option_value`,
    [days],
  );

const daysAgo = (days: number) => new Date(Date.now() - days * DAY_MS).toISOString();

/** A success of `db`, done and received so many days ago, but for the fields given. */
const report = (eventId: string, days: number, fields: Partial<LoggedReport> = {}) =>
  exampleReport({ eventId, doneAt: daysAgo(days), firstReceivedAt: daysAgo(days), ...fields });

const store = (...reports: LoggedReport[]) => logReports(database.owner, reports);

async function removeAll(): Promise<number[]> {
  const removed: number[] = [];
  let next: string | null = null;
  do {
    const step = await OLD_REPORTS.removeStep(ingest, next);
    removed.push(step.removed);
    next = step.next;
  } while (next !== null);
  return removed;
}

const kept = async (): Promise<string[]> =>
  (await database.owner.query('SELECT event_id FROM engine_backup_log ORDER BY event_id')).map(
    (row: { event_id: string }) => row.event_id,
  );

/** Compares the last successes with the log, read by a naive query. */
async function expectLastSuccessesRight(): Promise<void> {
  const wrong: unknown[] = await database.owner.query(
    `SELECT * FROM engine_last_success last FULL JOIN (
       SELECT fqdn, scope, max(counted_at) AS counted_at FROM engine_backup_log WHERE is_passed GROUP BY fqdn, scope
     ) naive USING (fqdn, scope)
     WHERE last.counted_at IS DISTINCT FROM naive.counted_at`,
  );
  expect(wrong).toEqual([]);
}

const tie = daysAgo(500);
const tied = (eventId: string) => report(eventId, 500, { doneAt: tie, firstReceivedAt: tie });

test.each<[phrase: string, given: LoggedReport[], stays: string[]]>([
  [
    'a started or failed report is removed once it is old',
    [
      report('failed', 401, { isPassed: false }),
      report('started', 401, { isPassed: null }),
      report('failed lately', 399, { isPassed: false }),
    ],
    ['failed lately'],
  ],
  [
    'an old success is removed if there is a later one',
    [report('a', 500), report('b', 450), report('c', 10)],
    ['c'],
  ],
  [
    'the last success of every scope stays, however old',
    [
      report('db', 500),
      report('files', 600, { scope: 'files' }),
      report('files before', 601, { scope: 'files' }),
      report('other', 700, { scope: 'some_scope-1' }),
      report('failed since', 450, { isPassed: false }),
    ],
    ['db', 'files', 'other'],
  ],
  ['the only report stays', [report('only', 3000)], ['only']],
  [
    'a last success of one engine does not count for another',
    [report('one', 500), report('other', 5, { fqdn: 'other.example.com' })],
    ['one', 'other'],
  ],
  ['two last successes at the same time both stay', [tied('a'), tied('b')], ['a', 'b']],
  [
    'two at the same time are both removed if there is a later one',
    [tied('a'), tied('b'), report('c', 499)],
    ['c'],
  ],
  [
    'the last success is the one that counts last, not the one that arrived last',
    [report('counts last', 500), report('came last', 450, { doneAt: daysAgo(600) })],
    ['counts last'],
  ],
  [
    'age is counted from the receipt, whatever the clock of the host says',
    [
      report('from 1970', 1, { doneAt: '1970-01-02T00:00:00Z', isPassed: false }),
      report('from 9999', 401, { doneAt: '9999-01-01T00:00:00Z', isPassed: false }),
    ],
    ['from 1970'],
  ],
])('%s', async (_, given, stays) => {
  await store(...given);
  await removeAll();
  expect(await kept()).toEqual(stays);
  await expectLastSuccessesRight();
});

test('a success stays while the table of last successes lacks its row', async () => {
  await store(report('a', 500), report('b', 450));
  await database.owner.query('DELETE FROM engine_last_success');
  await removeAll();
  expect(await kept()).toEqual(['a', 'b']);
});

test('-1 keeps all, and a shorter retention applies from the next step', async () => {
  await store(report('a', 5000), report('b', 100), report('c', 1));
  await keepDays('-1');
  expect(await removeAll()).toEqual([0]);
  await keepDays('99.5');
  expect(await removeAll()).toEqual([2]);
});

test.each(['', 'x', '0', '0.5', '-2', '1e3', ' 400', '400 ', '36501', '٤٠٠', '9'.repeat(400)])(
  'nothing is removed while the setting is %j, and the error says what is valid',
  async (value) => {
    await store(report('a', 5000), report('b', 4000));
    await keepDays(value);
    await expect(removeAll()).rejects.toThrow(
      'BackupLogRetentionInDays: expected a plain decimal number of days',
    );
    expect(await kept()).toEqual(['a', 'b']);
  },
);

test('nothing is removed while the setting is missing', async () => {
  await store(report('a', 5000), report('b', 4000));
  await database.owner.query(
    `DELETE FROM vdc_options WHERE option_name = 'BackupLogRetentionInDays'`,
  );
  await expect(removeAll()).rejects.toThrow('got no row');
  expect(await kept()).toEqual(['a', 'b']);
});

test('a step is bounded, and the next one continues even among reports received at the same time', async () => {
  const many = Array.from({ length: 1_200 }, (_, i) => tied(`report-${i}`));
  await store(...many, report('kept', 450, { scope: 'files' }), report('last', 1));
  expect(await removeAll()).toEqual([500, 500, 200]);
  expect(await kept()).toEqual(['kept', 'last']);
});

test('no caller can run an unbounded step', async () => {
  await store(...Array.from({ length: 3 }, (_, i) => report(`report-${i}`, 500 - i)));
  for (const rows of ['-1', '0'])
    expect(
      await ingest.query(`SELECT removed FROM remove_old_reports('-infinity', ${rows})`),
    ).toEqual([{ removed: 1 }]);
});

test('while one process removes, another does nothing', async () => {
  await store(report('a', 500), report('b', 1));
  await inTransaction(database.owner, async (transaction) => {
    await transaction.query(`SELECT remove_old_reports('-infinity', 1)`);
    expect(await OLD_REPORTS.removeStep(ingest, null)).toEqual({ removed: 0, next: null });
  });
  expect(await kept()).toEqual(['b']);
});

test('several processes at once remove each row once', async () => {
  await store(...Array.from({ length: 2_000 }, (_, i) => report(`report-${i}`, 401 + i / 10)));
  const removed = await Promise.all([removeAll(), removeAll(), removeAll()]);
  expect(removed.flat().reduce((sum, count) => sum + count)).toBe(1_999);
  expect(await kept()).toEqual(['report-0']);
});

test('a success that becomes the last because somebody deletes the last at the same time stays', async () => {
  await store(report('older', 500), report('old', 450), report('last', 10));
  let step: Promise<number[]> | undefined;
  await inTransaction(database.owner, async (transaction) => {
    await transaction.query(`DELETE FROM engine_backup_log WHERE event_id = 'last'`);
    step = removeAll();
    await waitsForALock();
  });
  expect(await step).toEqual([1]);
  expect(await kept()).toEqual(['old']);
  await expectLastSuccessesRight();
});

test('reports of the same engine and scope do not wait for a step', async () => {
  await store(report('older', 500), report('old', 450), report('last', 10));
  await inTransaction(database.owner, async (transaction) => {
    await transaction.query(`SELECT remove_old_reports('-infinity', 500)`);
    await logReports(ingest, [report('new', 0)]);
  });
  expect(await kept()).toEqual(['last', 'new']);
  await expectLastSuccessesRight();
});

/** By then the step has chosen its rows. */
async function waitsForALock(): Promise<void> {
  for (;;) {
    const [{ count }] = await database.owner.query(
      `SELECT count(*)::int FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%remove_old_reports%'`,
    );
    if (count > 0) return;
  }
}

test('reports of the same engines are all stored while old ones are removed', async () => {
  const fqdnOf = (i: number) => `engine-${i % 3}.example.com`;
  const scopeOf = (i: number) => (i % 2 ? 'files' : 'db');
  await store(
    ...Array.from({ length: 3_000 }, (_, i) =>
      report(`old-${i}`, 401 + i / 10, { fqdn: fqdnOf(i), scope: scopeOf(i) }),
    ),
  );
  const writer = async (name: string) => {
    for (let batch = 0; batch < 20; batch++)
      await store(
        ...Array.from({ length: 50 }, (_, i) =>
          report(`${name}-${batch}-${i}`, 0, { fqdn: fqdnOf(i), scope: scopeOf(i) }),
        ),
      );
  };
  await Promise.all([writer('new'), writer('newer'), removeAll(), removeAll()]);
  await removeAll();
  const ids = await kept();
  expect(ids.filter((id) => id.startsWith('old'))).toEqual([]);
  expect(ids).toHaveLength(2_000);
  await expectLastSuccessesRight();
});
