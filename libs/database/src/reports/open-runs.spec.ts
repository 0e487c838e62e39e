import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { acceptClock } from '../administration/accept-clock.js';
import { dataSourceFor } from '../connection/data-source-for.js';
import { inTransaction } from '../connection/in-transaction.js';
import { applySchema } from '../schema/apply-schema.js';
import { insertReports, logReports, type LoggedReport } from './log-reports.js';
import { readOpenRuns, type OpenRunRow } from './open-runs.js';

let database: TestDatabase;
let owner: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  owner = database.owner;
});
afterAll(() => database?.drop());
beforeEach(() => owner.query('TRUNCATE engine_backup_log, engine, alert, open_run'));

const hour = (hours: number): string =>
  `2026-01-01T${String(hours).padStart(2, '0')}:00:00.000000Z`;
const RUN = 'run-1';
const report = (isPassed: boolean | null, scope: string, hours: number, runId: string | null) =>
  exampleReport({ isPassed, scope, doneAt: hour(hours), runId });
const start = (scope: string, hours: number, runId: string | null = RUN) =>
  report(null, scope, hours, runId);
const completed = (scope: string, hours: number, runId: string | null = RUN) =>
  report(true, scope, hours, runId);
const failed = (scope: string, hours: number, runId: string | null = RUN) =>
  report(false, scope, hours, runId);

/** Each run as `run: scope hour, …`: `ended` if the scope has an end, `other hour` if another run has completed it. */
function shown({ runId, scopes }: Pick<OpenRunRow, 'runId' | 'scopes'>): string {
  const hourOf = (at: number) => new Date(at).getUTCHours();
  const parts = scopes.map(({ scope, startedAt, hasEnded, otherSuccessAt }) =>
    [
      `${scope} ${hourOf(startedAt)}`,
      ...(hasEnded ? ['ended'] : []),
      ...(otherSuccessAt === null ? [] : [`other ${hourOf(otherSuccessAt)}`]),
    ].join(' '),
  );
  return `${runId}: ${parts.join(', ')}`;
}
const all = () => readOpenRuns(owner, 'all');
/** Those with a scope that has no end. */
const open = async () =>
  (await all()).filter(({ scopes }) => scopes.some(({ hasEnded }) => !hasEnded)).map(shown);

const cases: [phrase: string, reports: LoggedReport[], expected: string[]][] = [
  ['there are no reports', [], []],
  ['it has started', [start('db', 1)], ['run-1: db 1']],
  ['it has completed', [start('db', 1), completed('db', 2)], []],
  ['it has failed', [start('db', 1), failed('db', 2)], []],
  [
    'it has ended in one scope and not in the other',
    [start('db', 1), start('files', 1), completed('db', 2)],
    ['run-1: db 1 ended, files 1'],
  ],
  [
    'it has ended in both',
    [start('db', 1), start('files', 1), completed('db', 2), failed('files', 3)],
    [],
  ],
  [
    'its end is dated before its start, by a clock that was set back',
    [start('db', 3), completed('db', 1)],
    [],
  ],
  ['its start is reported twice', [start('db', 2), start('db', 1)], ['run-1: db 1']],
  [
    'its start is reported again after its end',
    [start('db', 1), completed('db', 2), start('db', 3)],
    [],
  ],
  [
    'another run has ended',
    [start('db', 1), start('db', 2, 'run-2'), completed('db', 3, 'run-2')],
    ['run-1: db 1 other 3'],
  ],
  [
    'a run without a name has ended',
    [start('db', 1), completed('db', 3, null)],
    ['run-1: db 1 other 3'],
  ],
  [
    'another run completed its completed scope before it did',
    [start('db', 1), start('files', 1), completed('db', 2, 'run-2'), completed('db', 3)],
    ['run-1: db 1 ended, files 1'],
  ],
  [
    'another run completed its completed scope after it did',
    [start('db', 1), start('files', 1), completed('db', 2), completed('db', 3, 'run-2')],
    ['run-1: db 1 ended other 3, files 1'],
  ],
  ['it ended without a start', [completed('db', 1)], []],
  ['it has no name and has started', [start('db', 1, null)], ['null: db 1']],
  [
    'it has no name and two scopes',
    [start('db', 1, null), start('files', 2, null), completed('files', 3, null)],
    ['null: db 1'],
  ],
  [
    'it has no name, and a later end has none either',
    [start('db', 1, null), completed('db', 2, null)],
    [],
  ],
  ['it has no name, and a later failure has one', [start('db', 1, null), failed('db', 2)], []],
  [
    'it has no name, and failed before and since',
    [failed('db', 1, null), start('db', 2, null), failed('db', 3, null)],
    [],
  ],
  [
    'it has no name, and there are ends at the same instant and earlier',
    [
      completed('db', 1, null),
      start('db', 1, null),
      failed('db', 0, null),
      start('files', 1, null),
      completed('files', 0, null),
    ],
    ['null: files 1'],
  ],
  [
    'it has no name and started several times, and the end of the first is reported last',
    [start('db', 1, null), start('db', 3, null), start('db', 4, null), completed('db', 2, null)],
    ['null: db 3'],
  ],
];

test.each(cases)('where %s, in whatever order reports arrive', async (_, reports, expected) => {
  for (const order of [reports, reports.toReversed()]) {
    await owner.query('TRUNCATE engine_backup_log, open_run');
    for (const one of order) await logReports(owner, [one]);
    expect(await open()).toEqual(expected);
    await owner.query('TRUNCATE engine_backup_log, open_run');
    await logReports(owner, order);
    expect(await open()).toEqual(expected);
  }
});

test.each(cases)(
  'where %s when the schema was brought up to date',
  async (_, reports, expected) => {
    await logReports(owner, reports);
    await owner.query('TRUNCATE open_run');
    await owner.query('SELECT open_run_refill()');
    expect(await open()).toEqual(expected);
  },
);

test('a start and its end that are stored at the same moment leave no open run', async () => {
  for (const [first, second] of [
    [start('db', 1), completed('db', 2)],
    [completed('db', 2, 'run-2'), start('db', 1, 'run-2')],
  ] as const) {
    await logReports(owner, [exampleReport({ scope: 'other' })]);
    await inTransaction(owner, async (transaction) => {
      await insertReports(transaction, [first]);
      await logReports(owner, [second]);
    });
  }
  expect(await open()).toEqual([]);
});

test('a run that has ended normally leaves no rows', async () => {
  await logReports(owner, [start('db', 1), start('files', 1)]);
  await logReports(owner, [completed('db', 2), failed('files', 2)]);
  expect(await all()).toEqual([]);
});

test('runs are read by engine and name, with the number of starts of each scope', async () => {
  const other = { fqdn: 'another.example.com' };
  await logReports(owner, [
    start('db', 1, 'run-2'),
    start('files', 2),
    start('db', 1),
    { ...start('db', 1), ...other },
    start('db', 2),
  ]);
  const rows = await all();
  expect(rows.map((row) => `${row.fqdn} ${shown(row)}`)).toEqual([
    'another.example.com run-1: db 1',
    'engine.example.com run-1: db 1, files 2',
    'engine.example.com run-2: db 1',
  ]);
  expect(rows[1]!.open.toSorted((a, b) => (a.scope < b.scope ? -1 : 1))).toEqual([
    { scope: 'db', starts: '2' },
    { scope: 'files', starts: '1' },
  ]);
});

test('starts and ends are stored though the statistics date from a table full of deleted rows', async () => {
  const pairs = (from: number) =>
    Array.from({ length: 500 }, (_, i) => `run-${from + i}`).flatMap((runId) => [
      start('db', 1, runId),
      completed('db', 2, runId),
    ]);
  for (let from = 0; from < 4_000; from += 500) await logReports(owner, pairs(from));
  await owner.query('ANALYZE open_run');
  await logReports(owner, pairs(4_000));
  expect(await all()).toEqual([]);
});

test('one engine has a limited number of rows, which does not affect other engines', async () => {
  const startMany = (fqdn: string, from: number, to: number) =>
    owner.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, output_message, log_path, received_at, counted_at, run_id)
       SELECT $1, i::text, 'db', now(), '', '', now(), now(), 'run-' || i FROM generate_series($2::int, $3::int) i`,
      [fqdn, from, to],
    );
  const countOf = async (fqdn: string) =>
    (
      await owner.query(
        'SELECT sum(starts)::int AS starts, count(*)::int AS rows FROM open_run WHERE fqdn = $1',
        [fqdn],
      )
    )[0];
  await startMany('flood.example.com', 1, 1_000);
  await startMany('flood.example.com', 1_001, 1_100);
  await startMany('other.example.com', 1, 2);
  expect(await countOf('flood.example.com')).toEqual({ starts: 1_000, rows: 1_000 });
  expect(await countOf('other.example.com')).toEqual({ starts: 2, rows: 2 });
  await owner.query(`UPDATE engine_backup_log SET log_path = 'x' WHERE fqdn = 'flood.example.com'`);
  expect(await countOf('flood.example.com')).toEqual({ starts: 2_000, rows: 1_000 });
});

describe('between checks', () => {
  const alertAbout = (runId: string | null, scope: string) =>
    owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, run_id, scopes, since, decided_at, alert_period_days, sequence, message)
       SELECT gen_random_uuid(), 'ENGINE_BACKUP_STUCK', 'engine.example.com', $1, ARRAY[$2], 'epoch', 'epoch', 1, count(*) + 1, ''
       FROM alert`,
      [runId, scope],
    );

  test('runs with an alert are read, open or not, and those of changed engines', async () => {
    const changed = 'changed.example.com';
    await logReports(owner, [
      start('db', 1),
      completed('db', 2),
      start('files', 1, null),
      start('files', 1, 'without-alert'),
      { ...start('db', 1), fqdn: changed },
    ]);
    await alertAbout(RUN, 'db');
    await alertAbout('without-reports', 'db');
    await alertAbout(null, 'files');
    const rows = await readOpenRuns(owner, 'pending', [changed]);
    expect(rows.map((row) => `${row.fqdn.split('.')[0]} ${shown(row)}`)).toEqual([
      'changed run-1: db 1',
      'engine null: files 1',
      'engine run-1: db 1 ended',
      'engine without-reports: ',
    ]);
    expect(rows.map(({ active }) => active !== null)).toEqual([false, true, true, true]);
    expect(rows[1]!.active).toEqual({ alertId: expect.any(String), decidedAt: 0 });
  });

  test('a run has at most one active alert', async () => {
    await alertAbout(RUN, 'db');
    await expect(alertAbout(RUN, 'files')).rejects.toThrow('alert_one_of_run_active');
    await alertAbout(null, 'db');
    await alertAbout(null, 'files');
    await expect(alertAbout(null, 'db')).rejects.toThrow('alert_one_of_run_active');
    await owner.query('UPDATE alert SET cleared_at = now()');
    await alertAbout(RUN, 'db');
  });
});

test('reports that were in the future when the clock was accepted neither start nor end a run without a name', async () => {
  await logReports(owner, [
    start('db', 1, null),
    completed('db', 4, null),
    start('files', 3, null),
  ]);
  await logReports(owner, [start('db', 5), failed('files', 6, null)]);
  await owner.query('TRUNCATE open_run');
  await owner.query(
    `UPDATE engine_backup_log SET counted_at = counted_at + interval '100 years' WHERE done_at > $1`,
    [hour(2)],
  );
  await acceptClock(owner, { who: 'root', comment: 'the clock ran ahead', isInDoubt: () => true });
  const shownRuns = (await all()).map(({ runId, scopes }) => [runId, scopes.map((s) => s.scope)]);
  expect(shownRuns).toEqual([
    [null, ['db']],
    [null, []],
    [RUN, ['db']],
  ]);
});

test('reads the same amount whatever the number of reports', async () => {
  const blocksRead = async (reports: number): Promise<number> => {
    await owner.query('TRUNCATE engine_backup_log, open_run');
    // In steps, so that no statement takes longer than a session waits, on a busy machine too.
    for (let from = 2; from <= reports; from += 5_000)
      await owner.query(
        `INSERT INTO engine_backup_log
           (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at, run_id)
         SELECT 'engine.example.com', i::text, 'db', at, CASE WHEN i % 2 = 0 THEN i % 3 > 0 END, '', '', at, at, 'run-' || i / 2
         FROM generate_series($1::int, $2::int) i, LATERAL (SELECT timestamptz 'epoch' + i * interval '1 minute' AS at) instant`,
        [from, Math.min(from + 4_999, reports)],
      );
    // Rows that one statement has added and removed fill pages, which later statements reuse.
    await owner.query('TRUNCATE open_run');
    for (const name of ['hanging', null]) await logReports(owner, [start('files', 1, name)]);
    await owner.query('VACUUM ANALYZE engine_backup_log, open_run, engine_last_success');
    let statement = '';
    await readOpenRuns(
      {
        query: (text: string) => {
          statement = text;
          return Promise.resolve([]);
        },
      } as unknown as DataSource,
      'all',
    );
    const [row] = await owner.query(`EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${statement}`);
    const { Plan } = row['QUERY PLAN'][0];
    return Plan['Shared Hit Blocks'] + Plan['Shared Read Blocks'];
  };
  const few = await blocksRead(1_000);
  expect(await blocksRead(50_000)).toBeLessThan(few + 20);
});

test('open runs that the previous version stored are known after the migration', async () => {
  await owner.undoLastMigration();
  await owner.query(`INSERT INTO engine (fqdn) VALUES ('engine.example.com')`);
  await logReports(owner, [
    start('db', 1),
    start('files', 1),
    completed('db', 2),
    start('db', 3, null),
  ]);
  await applySchema(database.ownerUrl);
  expect(await open()).toEqual(['null: db 3', 'run-1: db 1 ended, files 1']);
  const ingest = await dataSourceFor(database.urls.ingest).initialize();
  await logReports(ingest, [start('db', 4, 'run-2')]).finally(() => ingest.destroy());
  expect(await open()).toContain('run-2: db 4 other 2');
});
