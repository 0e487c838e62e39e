import {
  createTestDatabase,
  exampleReport as report,
  type TestDatabase,
} from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { logReports, type LoggedReport } from './log-reports.js';
import { faultOf, isDataError, sqlState } from '../connection/sql-state.js';
import { tryToLogReport } from './try-inserts.js';

let database: TestDatabase;
let ingest: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  ingest = await dataSourceFor(database.urls.ingest, { poolSize: 4 }).initialize();
});
afterAll(async () => {
  await ingest?.destroy();
  await database?.drop();
});
beforeEach(() => database.owner.query('TRUNCATE engine_backup_log, engine'));

const countRows = async (table = 'engine_backup_log'): Promise<number> =>
  (await database.owner.query(`SELECT count(*)::int AS n FROM ${table}`))[0].n;

describe('a batch of reports', () => {
  test('is stored as it came, and its engines are registered', async () => {
    const told = report({
      outputMessage: 'two\nlines, "quotes", \\backslashes\\, {braces}, NULL, ü and 🙂',
      logPath: '',
      runId: 'NULL',
      doneAt: '2026-01-01T10:00:00.123456Z',
      reportedBy: 'engine-host',
    });
    expect(await logReports(ingest, [told])).toEqual(['stored']);
    const [row] = await database.owner.query(
      `SELECT *, done_at = '2026-01-01T10:00:00.123456Z' AS same_instant FROM engine_backup_log`,
    );
    expect(row).toMatchObject({
      fqdn: told.fqdn,
      event_id: told.eventId,
      scope: 'db',
      same_instant: true,
      is_passed: true,
      output_message: told.outputMessage,
      log_path: '',
      run_id: 'NULL',
      reported_by: 'engine-host',
    });
    expect(await database.owner.query('SELECT fqdn, version, retired_at FROM engine')).toEqual([
      { fqdn: told.fqdn, version: 0, retired_at: null },
    ]);
  });

  test('of nothing stores nothing', async () => {
    expect(await logReports(ingest, [])).toEqual([]);
  });

  test('of 2,000 is stored at once, completed, failed and started ones', async () => {
    const kinds = [true, false, null];
    const batch = Array.from({ length: 2_000 }, (_, index) =>
      report({ isPassed: kinds[index % 3] ?? null, fqdn: `engine-${index % 7}.example.com` }),
    );
    const outcomes = await logReports(ingest, batch);
    expect(new Set(outcomes)).toEqual(new Set(['stored']));
    expect(await countRows()).toBe(2_000);
    expect(await countRows('engine')).toBe(7);
  });

  test('does not revive a retired engine', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn, retired_at) VALUES ('engine.example.com', now())`,
    );
    await logReports(ingest, [report()]);
    expect(await countRows('engine WHERE retired_at IS NOT NULL')).toBe(1);
  });
});

describe('the same key again', () => {
  test('is a duplicate with the same content, and reused with any other', async () => {
    const first = report({ runId: 'run-1' });
    await logReports(ingest, [first]);
    const again = [
      first,
      { ...first, sentAt: '2026-01-01T11:00:00Z', reportedBy: 'another' },
      { ...first, scope: 'files' },
      { ...first, doneAt: '2026-01-01T10:00:00.000001Z' },
      { ...first, isPassed: false },
      { ...first, isPassed: null },
      { ...first, outputMessage: 'other' },
      { ...first, logPath: 'other' },
      { ...first, runId: null },
    ];
    const expected = ['duplicate', 'duplicate', ...Array<string>(7).fill('id_reused')];
    for (const [index, one] of again.entries())
      expect(await logReports(ingest, [one])).toEqual([expected[index]]);
    expect(await logReports(ingest, again)).toEqual(expected);
    expect(await countRows()).toBe(1);
  });

  test('within one batch is told apart in the batch’s own order', async () => {
    const first = report();
    const old = report();
    await logReports(ingest, [old]);
    const batch = [first, old, { ...first, logPath: 'other' }, first, report()];
    expect(await logReports(ingest, batch)).toEqual([
      'stored',
      'duplicate',
      'id_reused',
      'duplicate',
      'stored',
    ]);
    expect(await countRows()).toBe(3);
  });

  test('of two engines is two rows', async () => {
    const first = report();
    const other = { ...first, fqdn: 'other.example.com' };
    expect(await logReports(ingest, [first, other])).toEqual(['stored', 'stored']);
  });
});

describe('the instant a success counts at', () => {
  const countedAt = async (fields: Parameters<typeof report>[0]) => {
    const one = report(fields);
    await logReports(ingest, [one]);
    const [row] = await database.owner.query(
      `SELECT counted_at, received_at, extract(epoch FROM now() - received_at)::float8 AS age_s
       FROM engine_backup_log WHERE event_id = $1`,
      [one.eventId],
    );
    return row as { counted_at: Date; received_at: Date; age_s: number };
  };
  const fromNow = (ms: number) => new Date(Date.now() + ms).toISOString();
  const HOUR_MS = 3_600_000;

  test('is done_at where that is in the past', async () => {
    const { counted_at, age_s } = await countedAt({ doneAt: '2026-01-01T10:00:00Z' });
    expect(counted_at).toEqual(new Date('2026-01-01T10:00:00Z'));
    expect(age_s).toBeLessThan(5);
  });

  test('is the receipt where done_at lies in the future', async () => {
    const { counted_at, received_at } = await countedAt({ doneAt: '2099-01-01T00:00:00Z' });
    expect(counted_at).toEqual(received_at);
  });

  test('takes a clock that runs ahead out of the reckoning', async () => {
    const doneAt = fromNow(10 * HOUR_MS);
    const sentAt = new Date(Date.parse(doneAt) + 2 * HOUR_MS).toISOString();
    const { counted_at, received_at } = await countedAt({ doneAt, sentAt });
    expect(received_at.getTime() - counted_at.getTime()).toBe(2 * HOUR_MS);
  });

  test('is not moved on by a clock that runs behind', async () => {
    const doneAt = fromNow(-10 * HOUR_MS);
    const { counted_at } = await countedAt({ doneAt, sentAt: fromNow(-9 * HOUR_MS) });
    expect(counted_at).toEqual(new Date(doneAt));
  });

  test('never lies before 1970', async () => {
    const { counted_at } = await countedAt({
      doneAt: '1970-01-01T00:00:00Z',
      sentAt: '9999-12-31T23:59:59Z',
    });
    expect(counted_at).toEqual(new Date(0));
  });

  test('does not shift where the server’s own clock was put forward meanwhile', async () => {
    const [{ name }] = await database.owner.query('SELECT current_database() AS name');
    await database.owner.query(`ALTER DATABASE ${name} SET timezone = 'Europe/Berlin'`);
    const inBerlin = await dataSourceFor(database.urls.ingest).initialize();
    const spooled = report({
      doneAt: '2026-03-28T12:00:00.000000Z',
      sentAt: '2026-03-30T12:00:00.000Z',
      firstReceivedAt: '2026-03-30T11:30:00.000000Z',
    });
    await logReports(inBerlin, [spooled]);
    await inBerlin.destroy();
    await database.owner.query(`ALTER DATABASE ${name} RESET timezone`);
    expect(await database.owner.query('SELECT counted_at FROM engine_backup_log')).toEqual([
      { counted_at: new Date('2026-03-28T11:30:00Z') },
    ]);
  });

  test('goes by the first receipt of a message that comes again, unless that lies in the future', async () => {
    const past = await countedAt({ firstReceivedAt: '2026-01-02T00:00:00Z', doneAt: fromNow(0) });
    expect(past.received_at).toEqual(new Date('2026-01-02T00:00:00Z'));
    expect(past.counted_at).toEqual(past.received_at);
    expect((await countedAt({ firstReceivedAt: '2099-01-02T00:00:00Z' })).age_s).toBeLessThan(5);
  });
});

describe('errors', () => {
  test.each([
    ['a NUL in a text', { outputMessage: 'a\0b' }, '22021'],
    ['a scope too long', { scope: 's'.repeat(65) }, '22001'],
    ['a date that is none', { doneAt: '2026-02-30T00:00:00Z' }, '22008'],
  ])('%s is an error of data, and nothing of its batch is stored', async (_, fields, state) => {
    const failure: unknown = await logReports(ingest, [report(), report(fields)]).catch(
      (error: unknown) => error,
    );
    expect(sqlState(failure)).toBe(state);
    expect(isDataError(failure)).toBe(true);
    expect(await countRows()).toBe(0);
  });

  test('a missing right is none', async () => {
    const audit = await dataSourceFor(database.urls.audit).initialize();
    const failure: unknown = await logReports(audit, [report()]).catch((error: unknown) => error);
    await audit.destroy();
    expect(sqlState(failure)).toBe('42501');
    expect(faultOf(failure)).toBe('environment');
  });
});

test('writers with the same reports in opposite orders do not deadlock, and each is stored once', async () => {
  const reports = Array.from({ length: 400 }, (_, index) =>
    report({ fqdn: `engine-${index % 20}.example.com`, scope: index % 2 ? 'db' : 'files' }),
  );
  for (let round = 0; round < 10; round++) {
    const batch = reports.map((one) => ({ ...one, eventId: `${one.eventId}-${round}` }));
    const outcomes = await Promise.all([
      logReports(ingest, batch),
      logReports(ingest, batch.toReversed()),
      logReports(ingest, batch.slice(200).concat(batch.slice(0, 200))),
    ]);
    const all = outcomes.flat();
    expect(all.filter((outcome) => outcome === 'stored')).toHaveLength(400);
    expect(all.filter((outcome) => outcome === 'duplicate')).toHaveLength(800);
  }
  expect(await countRows()).toBe(4_000);
});

describe('an engine that is not known', () => {
  const MAX = 'EngineRegistrationMax';
  const allow = (max: string) =>
    database.owner.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [
      MAX,
      max,
    ]);
  afterEach(() => allow('1000'));
  const reportOf = (name: string | number) => report({ fqdn: `${name}.example.com` });
  const tally = (outcomes: readonly string[]) =>
    Object.fromEntries(
      [...new Set(outcomes)].map((it) => [it, outcomes.filter((other) => other === it).length]),
    );

  test('is registered by a report, up to the bound and not beyond, whoever reports at once', async () => {
    await allow('50');
    const batches = [0, 1, 2, 3].map((batch) =>
      Array.from({ length: 100 }, (_, i) => reportOf(`engine-${batch % 2}-${i}`)),
    );
    const outcomes = await Promise.all(batches.map((batch) => logReports(ingest, batch)));
    expect(await countRows(`engine WHERE registered_by = 'report'`)).toBe(50);
    expect(await countRows()).toBe(outcomes.flat().filter((it) => it === 'stored').length);
    expect(Object.keys(tally(outcomes.flat())).sort()).toEqual(['stored', 'unknown_engine']);
    const again = await logReports(ingest, batches.flat());
    expect(tally(again)).toEqual({ duplicate: await countRows(), unknown_engine: 300 });
    expect(await countRows('engine')).toBe(50);
  });

  test('leaves those of its batch that are known to be stored', async () => {
    await allow('1');
    await logReports(ingest, [reportOf('known')]);
    const known = reportOf('known');
    const batch = [reportOf('new'), known, known, reportOf('other')];
    expect(await logReports(ingest, batch)).toEqual([
      'unknown_engine',
      'stored',
      'duplicate',
      'unknown_engine',
    ]);
  });

  test('counts neither engines of an administrator nor retired ones, which are known', async () => {
    await allow('1');
    await database.owner.query(
      `INSERT INTO engine (fqdn, registered_by, retired_at)
       VALUES ('a.example.com', 'administrator', NULL), ('b.example.com', 'report', now())`,
    );
    const batch = [reportOf('a'), reportOf('b'), reportOf('c')];
    expect(await logReports(ingest, batch)).toEqual(['stored', 'stored', 'stored']);
    expect(await logReports(ingest, [reportOf('d')])).toEqual(['unknown_engine']);
    expect(await countRows('engine WHERE retired_at IS NOT NULL')).toBe(1);
  });

  test('is not registered by who may not report about it', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn, broker_user) VALUES ('bound.example.com', 'bound-host')`,
    );
    const forged = report({ fqdn: 'new.example.com', reportedBy: 'bound-host' });
    expect(await logReports(ingest, [forged, reportOf('fine')])).toEqual([
      'not_authorised',
      'stored',
    ]);
    expect(await countRows(`engine WHERE fqdn = 'new.example.com'`)).toBe(0);
  });

  test('waits while the bound cannot be read: that is no fault of the report', async () => {
    await allow('many');
    const failure: unknown = await logReports(ingest, [report()]).catch((error: unknown) => error);
    expect(isDataError(failure)).toBe(false);
    expect(String(failure)).toContain(MAX);
  });

  test('does not keep the trial of the environment from proving that reports are stored', async () => {
    await allow('0');
    await tryToLogReport(ingest);
    await database.owner.query('ALTER TABLE engine RENAME TO elsewhere');
    await expect(tryToLogReport(ingest)).rejects.toThrow('engine');
    await database.owner.query('ALTER TABLE elsewhere RENAME TO engine');
    await database.owner.query('ALTER TABLE engine_last_success RENAME TO elsewhere');
    await expect(tryToLogReport(ingest)).rejects.toThrow('engine_last_success');
    await database.owner.query('ALTER TABLE elsewhere RENAME TO engine_last_success');
    expect(await countRows('engine')).toBe(0);
  });
});

describe('an engine with a broker user', () => {
  const BOUND = 'bound.example.com';
  const own = (fields: Partial<LoggedReport> = {}) =>
    report({ fqdn: BOUND, reportedBy: 'bound-host', ...fields });

  beforeEach(() =>
    database.owner.query(`INSERT INTO engine (fqdn, broker_user) VALUES ($1, 'bound-host')`, [
      BOUND,
    ]),
  );

  test('has a report stored that this user sent, and none that another or nobody did', async () => {
    const batch = [
      report({ reportedBy: 'bound-host' }),
      own({ reportedBy: 'other-host' }),
      own(),
      own({ reportedBy: null }),
      own({ reportedBy: '' }),
      report(),
    ];
    expect(await logReports(ingest, batch)).toEqual([
      'not_authorised',
      'not_authorised',
      'stored',
      'not_authorised',
      'not_authorised',
      'stored',
    ]);
    const rows = await database.owner.query(
      `SELECT reported_by FROM engine_backup_log WHERE fqdn = $1`,
      [BOUND],
    );
    expect(rows).toEqual([{ reported_by: 'bound-host' }]);
  });

  test('has another user’s copy of its report refused, stored before or in the same batch', async () => {
    const mine = own();
    const copy = { ...mine, reportedBy: 'other-host' };
    expect(await logReports(ingest, [copy])).toEqual(['not_authorised']);
    expect(await logReports(ingest, [copy, mine, copy])).toEqual([
      'not_authorised',
      'stored',
      'not_authorised',
    ]);
    const changed = { ...copy, isPassed: false };
    expect(await logReports(ingest, [mine, copy, changed, own()])).toEqual([
      'duplicate',
      'not_authorised',
      'not_authorised',
      'stored',
    ]);
    expect(await countRows(`engine_backup_log WHERE reported_by = 'bound-host'`)).toBe(2);
    expect(await countRows()).toBe(2);
  });

  test('is the only one that this user reports about, but for others that are his', async () => {
    await database.owner.query(
      `INSERT INTO engine (fqdn, broker_user) VALUES ('second.example.com', 'bound-host'),
         ('other.example.com', 'other-host'), ('free.example.com', NULL)`,
    );
    const sent = ['second', 'other', 'free', 'unknown'].flatMap((name) =>
      ['bound-host', 'other-host', 'nobody-known', null].map((reportedBy) =>
        report({ fqdn: `${name}.example.com`, reportedBy }),
      ),
    );
    const outcomes = await logReports(ingest, sent);
    const stored = sent.filter((_, index) => outcomes[index] === 'stored');
    expect(stored.map(({ fqdn, reportedBy }) => [fqdn.split('.')[0], reportedBy])).toEqual([
      ['second', 'bound-host'],
      ['other', 'other-host'],
      ['free', 'nobody-known'],
      ['free', null],
      ['unknown', 'nobody-known'],
      ['unknown', null],
    ]);
    expect(outcomes.filter((outcome) => outcome === 'not_authorised')).toHaveLength(10);
  });

  test('has no last success by what another user says', async () => {
    await database.owner.query('TRUNCATE engine_last_success');
    await logReports(ingest, [own({ reportedBy: 'other-host' }), report()]);
    expect(await database.owner.query('SELECT fqdn FROM engine_last_success')).toEqual([
      { fqdn: 'engine.example.com' },
    ]);
  });
});
