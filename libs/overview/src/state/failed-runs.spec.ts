import { logReports, type LoggedReport } from '@backup-awareness/database';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { readFailedRuns } from './failed-runs.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(() => database.owner.query('TRUNCATE engine_backup_log, engine'));

const log = (...reports: Partial<LoggedReport>[]) =>
  logReports(database.owner, reports.map(exampleReport));
const at = (hour: number) => `2026-01-01T${String(hour).padStart(2, '0')}:00:00.000000Z`;
const failedAt = (hour: number) => ({ isPassed: false, doneAt: at(hour) });
const completedAt = (hour: number) => ({ isPassed: true, doneAt: at(hour) });
const startedAt = (hour: number) => ({ isPassed: null, doneAt: at(hour) });

const failing = async (fqdn?: string) =>
  (await readFailedRuns(database.owner, fqdn)).map(
    (run) => `${run.fqdn.split('.')[0]} ${run.scope}`,
  );

test.each<[string, Partial<LoggedReport>[], string[]]>([
  ['there is no report', [], []],
  ['it failed after a success', [completedAt(1), failedAt(2)], ['engine db']],
  ['it failed before a success', [failedAt(1), completedAt(2)], []],
  ['another run has started since', [completedAt(1), failedAt(2), startedAt(3)], ['engine db']],
  ['a retry has completed', [completedAt(1), failedAt(2), startedAt(3), completedAt(3)], []],
  ['the success arrived first', [completedAt(3), failedAt(2)], []],
  ['it never succeeded', [startedAt(1), failedAt(1)], ['engine db']],
  ['it was only started', [startedAt(1)], []],
  [
    'another scope has succeeded since',
    [completedAt(1), failedAt(2), { ...completedAt(3), scope: 'files' }],
    ['engine db'],
  ],
  [
    'another engine has succeeded since',
    [failedAt(2), { ...completedAt(3), fqdn: 'other.example.com' }],
    ['engine db'],
  ],
  [
    'both scopes and others failed, of two engines',
    ['other', 'engine'].flatMap((name) =>
      ['grafanadb', 'files', 'dwhdb', 'db'].map((scope) => ({
        ...failedAt(2),
        scope,
        fqdn: `${name}.example.com`,
      })),
    ),
    ['engine', 'other'].flatMap((name) =>
      ['db', 'dwhdb', 'files', 'grafanadb'].map((scope) => `${name} ${scope}`),
    ),
  ],
  [
    'a success of the same instant was received later',
    [
      { ...failedAt(2), firstReceivedAt: at(3) },
      { ...completedAt(2), firstReceivedAt: at(4) },
    ],
    [],
  ],
  [
    'a success of the same instant was received earlier',
    [
      { ...completedAt(2), firstReceivedAt: at(3) },
      { ...failedAt(2), firstReceivedAt: at(4) },
    ],
    ['engine db'],
  ],
])('when %s', async (_, reports, expected) => {
  for (const report of reports) await log(report);
  expect(await failing()).toEqual(expected);
});

test('one engine can be read alone', async () => {
  await log(failedAt(1), { ...failedAt(1), fqdn: 'other.example.com', scope: 'dwhdb' });
  expect(await failing('other.example.com')).toEqual(['other dwhdb']);
});

test('a failure by a clock that was ahead counts at its receipt, and a discounted one not at all', async () => {
  await log(
    { ...failedAt(1), doneAt: '2099-01-01T00:00:00Z', firstReceivedAt: at(1) },
    completedAt(2),
  );
  expect(await failing()).toEqual([]);
  await log(failedAt(3));
  await database.owner.query('UPDATE engine_backup_log SET is_discounted = NOT is_passed');
  expect(await failing()).toEqual([]);
});

test('reads as much whatever the number of reports', async () => {
  const blocksRead = async (reports: number): Promise<number> => {
    await database.owner.query('TRUNCATE engine_backup_log');
    await database.owner.query(
      `INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT 'engine.example.com', i::text, 'db', at, i % 10 > 0, '', '', at, at
       FROM generate_series(1, $1) i, LATERAL (SELECT timestamptz 'epoch' + i * interval '1 minute' AS at) instant`,
      [reports],
    );
    await database.owner.query('VACUUM ANALYZE engine_backup_log');
    let statement = '';
    let parameters: unknown[] = [];
    await readFailedRuns({
      query: async (text, values = []) => {
        statement = text;
        parameters = values;
        return [];
      },
    });
    const [row] = await database.owner.query(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`,
      parameters,
    );
    return (
      row['QUERY PLAN'][0].Plan['Shared Hit Blocks'] +
      row['QUERY PLAN'][0].Plan['Shared Read Blocks']
    );
  };
  const few = await blocksRead(1_000);
  expect(await blocksRead(50_000)).toBeLessThan(few + 20);
});
