import { exampleReport as report } from '@backup-awareness/testing';
import { dataSourceFor } from '../connection/data-source-for.js';
import { faultOf, isDataError, sqlState } from '../connection/sql-state.js';
import { useIngest } from '../spec/use-ingest.js';
import { logReports } from './log-reports.js';

const world = useIngest();

describe('a batch of reports', () => {
  test('is stored as received, and its engines are registered', async () => {
    const sent = report({
      outputMessage: 'two\nlines, "quotes", \\backslashes\\, {braces}, NULL, ü and 🙂',
      logPath: '',
      runId: 'NULL',
      doneAt: '2026-01-01T10:00:00.123456Z',
      reportedBy: 'engine-host',
    });
    expect(await logReports(world.ingest, [sent])).toEqual(['stored']);
    const [row] = await world.database.owner.query(
      `SELECT *, done_at = '2026-01-01T10:00:00.123456Z' AS same_instant FROM engine_backup_log`,
    );
    expect(row).toMatchObject({
      fqdn: sent.fqdn,
      event_id: sent.eventId,
      scope: 'db',
      same_instant: true,
      is_passed: true,
      output_message: sent.outputMessage,
      log_path: '',
      run_id: 'NULL',
      reported_by: 'engine-host',
    });
    expect(
      await world.database.owner.query('SELECT fqdn, version, retired_at FROM engine'),
    ).toEqual([{ fqdn: sent.fqdn, version: 0, retired_at: null }]);
  });

  test('that is empty stores nothing', async () => {
    expect(await logReports(world.ingest, [])).toEqual([]);
  });

  test('of 2,000 completed, failed and started reports is stored at once', async () => {
    const kinds = [true, false, null];
    const batch = Array.from({ length: 2_000 }, (_, index) =>
      report({ isPassed: kinds[index % 3] ?? null, fqdn: `engine-${index % 7}.example.com` }),
    );
    const outcomes = await logReports(world.ingest, batch);
    expect(new Set(outcomes)).toEqual(new Set(['stored']));
    expect(await world.countRows()).toBe(2_000);
    expect(await world.countRows('engine')).toBe(7);
  });

  test('does not resume monitoring of a retired engine', async () => {
    await world.database.owner.query(
      `INSERT INTO engine (fqdn, retired_at) VALUES ('engine.example.com', now())`,
    );
    await logReports(world.ingest, [report()]);
    expect(await world.countRows('engine WHERE retired_at IS NOT NULL')).toBe(1);
  });
});

describe('a repeated key', () => {
  test('is a duplicate with the same content, and a reused id with any other', async () => {
    const first = report({ runId: 'run-1' });
    await logReports(world.ingest, [first]);
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
      expect(await logReports(world.ingest, [one])).toEqual([expected[index]]);
    expect(await logReports(world.ingest, again)).toEqual(expected);
    expect(await world.countRows()).toBe(1);
  });

  test('within one batch is judged in the order of the batch', async () => {
    const first = report();
    const old = report();
    await logReports(world.ingest, [old]);
    const batch = [first, old, { ...first, logPath: 'other' }, first, report()];
    expect(await logReports(world.ingest, batch)).toEqual([
      'stored',
      'duplicate',
      'id_reused',
      'duplicate',
      'stored',
    ]);
    expect(await world.countRows()).toBe(3);
  });

  test('of two engines makes two rows', async () => {
    const first = report();
    const other = { ...first, fqdn: 'other.example.com' };
    expect(await logReports(world.ingest, [first, other])).toEqual(['stored', 'stored']);
  });
});

describe('the time at which a success counts', () => {
  const countedAt = async (fields: Parameters<typeof report>[0]) => {
    const one = report(fields);
    await logReports(world.ingest, [one]);
    const [row] = await world.database.owner.query(
      `SELECT counted_at, received_at, extract(epoch FROM now() - received_at)::float8 AS age_s
       FROM engine_backup_log WHERE event_id = $1`,
      [one.eventId],
    );
    return row as { counted_at: Date; received_at: Date; age_s: number };
  };
  const fromNow = (ms: number) => new Date(Date.now() + ms).toISOString();
  const HOUR_MS = 3_600_000;

  test('is done_at if that is in the past', async () => {
    const { counted_at, age_s } = await countedAt({ doneAt: '2026-01-01T10:00:00Z' });
    expect(counted_at).toEqual(new Date('2026-01-01T10:00:00Z'));
    expect(age_s).toBeLessThan(5);
  });

  test('is the receipt if done_at is in the future', async () => {
    const { counted_at, received_at } = await countedAt({ doneAt: '2099-01-01T00:00:00Z' });
    expect(counted_at).toEqual(received_at);
  });

  test('is corrected for a sender’s clock that is ahead', async () => {
    const doneAt = fromNow(10 * HOUR_MS);
    const sentAt = new Date(Date.parse(doneAt) + 2 * HOUR_MS).toISOString();
    const { counted_at, received_at } = await countedAt({ doneAt, sentAt });
    expect(received_at.getTime() - counted_at.getTime()).toBe(2 * HOUR_MS);
  });

  test('is not moved forward by a clock that is behind', async () => {
    const doneAt = fromNow(-10 * HOUR_MS);
    const { counted_at } = await countedAt({ doneAt, sentAt: fromNow(-9 * HOUR_MS) });
    expect(counted_at).toEqual(new Date(doneAt));
  });

  test('is never before 1970', async () => {
    const { counted_at } = await countedAt({
      doneAt: '1970-01-01T00:00:00Z',
      sentAt: '9999-12-31T23:59:59Z',
    });
    expect(counted_at).toEqual(new Date(0));
  });

  test('does not shift with daylight saving time in the database’s time zone', async () => {
    const [{ name }] = await world.database.owner.query('SELECT current_database() AS name');
    await world.database.owner.query(`ALTER DATABASE ${name} SET timezone = 'Europe/Berlin'`);
    const inBerlin = await dataSourceFor(world.database.urls.ingest).initialize();
    const spooled = report({
      doneAt: '2026-03-28T12:00:00.000000Z',
      sentAt: '2026-03-30T12:00:00.000Z',
      firstReceivedAt: '2026-03-30T11:30:00.000000Z',
    });
    await logReports(inBerlin, [spooled]);
    await inBerlin.destroy();
    await world.database.owner.query(`ALTER DATABASE ${name} RESET timezone`);
    expect(await world.database.owner.query('SELECT counted_at FROM engine_backup_log')).toEqual([
      { counted_at: new Date('2026-03-28T11:30:00Z') },
    ]);
  });

  test('uses the first receipt of a redelivered message, unless that is in the future', async () => {
    const past = await countedAt({ firstReceivedAt: '2026-01-02T00:00:00Z', doneAt: fromNow(0) });
    expect(past.received_at).toEqual(new Date('2026-01-02T00:00:00Z'));
    expect(past.counted_at).toEqual(past.received_at);
    expect((await countedAt({ firstReceivedAt: '2099-01-02T00:00:00Z' })).age_s).toBeLessThan(5);
  });
});

describe('errors', () => {
  test.each([
    ['a NUL in a text', { outputMessage: 'a\0b' }, '22021'],
    ['a scope that is too long', { scope: 's'.repeat(65) }, '22001'],
    ['an invalid date', { doneAt: '2026-02-30T00:00:00Z' }, '22008'],
  ])('%s is an error of data, and nothing of its batch is stored', async (_, fields, state) => {
    const failure: unknown = await logReports(world.ingest, [report(), report(fields)]).catch(
      (error: unknown) => error,
    );
    expect(sqlState(failure)).toBe(state);
    expect(isDataError(failure)).toBe(true);
    expect(await world.countRows()).toBe(0);
  });

  test('a missing privilege is an error of the environment', async () => {
    const audit = await dataSourceFor(world.database.urls.audit).initialize();
    const failure: unknown = await logReports(audit, [report()]).catch((error: unknown) => error);
    await audit.destroy();
    expect(sqlState(failure)).toBe('42501');
    expect(faultOf(failure)).toBe('environment');
  });
});

test('writers with the same reports in opposite orders do not deadlock, and store each report once', async () => {
  const reports = Array.from({ length: 400 }, (_, index) =>
    report({ fqdn: `engine-${index % 20}.example.com`, scope: index % 2 ? 'db' : 'files' }),
  );
  for (let round = 0; round < 10; round++) {
    const batch = reports.map((one) => ({ ...one, eventId: `${one.eventId}-${round}` }));
    const outcomes = await Promise.all([
      logReports(world.ingest, batch),
      logReports(world.ingest, batch.toReversed()),
      logReports(world.ingest, batch.slice(200).concat(batch.slice(0, 200))),
    ]);
    const all = outcomes.flat();
    expect(all.filter((outcome) => outcome === 'stored')).toHaveLength(400);
    expect(all.filter((outcome) => outcome === 'duplicate')).toHaveLength(800);
  }
  expect(await world.countRows()).toBe(4_000);
});
