import { exampleReport as report } from '@backup-awareness/testing';
import { isDataError } from '../connection/sql-state.js';
import { useIngest } from '../spec/use-ingest.js';
import { logReports } from './log-reports.js';
import { tryToLogReport } from './try-inserts.js';

const world = useIngest();

describe('an unknown engine', () => {
  const MAX = 'EngineRegistrationMax';
  const allow = (max: string) =>
    world.database.owner.query('UPDATE vdc_options SET option_value = $2 WHERE option_name = $1', [
      MAX,
      max,
    ]);
  afterEach(() => allow('1000'));
  const reportOf = (name: string | number) => report({ fqdn: `${name}.example.com` });
  const tally = (outcomes: readonly string[]) =>
    Object.fromEntries(
      [...new Set(outcomes)].map((it) => [it, outcomes.filter((other) => other === it).length]),
    );

  test('is registered by a report, exactly up to the limit, also by concurrent reports', async () => {
    await allow('50');
    const batches = [0, 1, 2, 3].map((batch) =>
      Array.from({ length: 100 }, (_, i) => reportOf(`engine-${batch % 2}-${i}`)),
    );
    const outcomes = await Promise.all(batches.map((batch) => logReports(world.ingest, batch)));
    expect(await world.countRows(`engine WHERE registered_by = 'report'`)).toBe(50);
    expect(await world.countRows()).toBe(outcomes.flat().filter((it) => it === 'stored').length);
    expect(Object.keys(tally(outcomes.flat())).sort()).toEqual(['stored', 'unknown_engine']);
    const again = await logReports(world.ingest, batches.flat());
    expect(tally(again)).toEqual({ duplicate: await world.countRows(), unknown_engine: 300 });
    expect(await world.countRows('engine')).toBe(50);
  });

  test('does not keep reports about known engines in its batch from being stored', async () => {
    await allow('1');
    await logReports(world.ingest, [reportOf('known')]);
    const known = reportOf('known');
    const batch = [reportOf('new'), known, known, reportOf('other')];
    expect(await logReports(world.ingest, batch)).toEqual([
      'unknown_engine',
      'stored',
      'duplicate',
      'unknown_engine',
    ]);
  });

  test('is registered even if there are engines added by an administrator, or retired, which do not count', async () => {
    await allow('1');
    await world.database.owner.query(
      `INSERT INTO engine (fqdn, registered_by, retired_at)
       VALUES ('a.example.com', 'administrator', NULL), ('b.example.com', 'report', now())`,
    );
    const batch = [reportOf('a'), reportOf('b'), reportOf('c')];
    expect(await logReports(world.ingest, batch)).toEqual(['stored', 'stored', 'stored']);
    expect(await logReports(world.ingest, [reportOf('d')])).toEqual(['unknown_engine']);
    expect(await world.countRows('engine WHERE retired_at IS NOT NULL')).toBe(1);
  });

  test('is not registered by a sender that may not report about it', async () => {
    await world.database.owner.query(
      `INSERT INTO engine (fqdn, broker_user) VALUES ('bound.example.com', 'bound-host')`,
    );
    const forged = report({ fqdn: 'new.example.com', reportedBy: 'bound-host' });
    expect(await logReports(world.ingest, [forged, reportOf('fine')])).toEqual([
      'not_authorised',
      'stored',
    ]);
    expect(await world.countRows(`engine WHERE fqdn = 'new.example.com'`)).toBe(0);
  });

  test('is not the report’s fault while the limit cannot be read', async () => {
    await allow('many');
    const failure: unknown = await logReports(world.ingest, [report()]).catch(
      (error: unknown) => error,
    );
    expect(isDataError(failure)).toBe(false);
    expect(String(failure)).toContain(MAX);
  });

  test('does not disturb the trial that proves that reports can be stored', async () => {
    await allow('0');
    await tryToLogReport(world.ingest);
    await world.database.owner.query('ALTER TABLE engine RENAME TO elsewhere');
    await expect(tryToLogReport(world.ingest)).rejects.toThrow('engine');
    await world.database.owner.query('ALTER TABLE elsewhere RENAME TO engine');
    await world.database.owner.query('ALTER TABLE engine_last_success RENAME TO elsewhere');
    await expect(tryToLogReport(world.ingest)).rejects.toThrow('engine_last_success');
    await world.database.owner.query('ALTER TABLE elsewhere RENAME TO engine_last_success');
    expect(await world.countRows('engine')).toBe(0);
  });
});
