import { addEngine, retireEngines } from '@backup-awareness/database';
import { useTicks, who } from './spec/use-ticks.js';

const ENGINE = 'a.example.com';

describe('a tick of the leader', () => {
  const world = useTicks();
  const { monitored, fullBackup, option, run, check, active, alertEvents } = world;

  const started = (scope: string, hoursAgo: number, runId: string | null = 'run-1') =>
    world.started(ENGINE, scope, hoursAgo, runId);
  const completed = (scope: string, hoursAgo: number, runId: string | null = 'run-1') =>
    world.report(true, ENGINE, scope, hoursAgo, runId);
  const failed = (scope: string, hoursAgo: number, runId = 'run-1') =>
    world.report(false, ENGINE, scope, hoursAgo, runId);
  const stuckAlerts = async () => {
    const rows: { run_id: string | null; scopes: string[] }[] = await world.owner.query(
      `SELECT run_id, scopes FROM alert WHERE cleared_at IS NULL AND alert = 'ENGINE_BACKUP_STUCK' ORDER BY run_id, scopes`,
    );
    return rows.map(({ run_id: runId, scopes }) => `${runId}: ${scopes.join()}`);
  };
  const openRuns = async () => {
    const rows: { text: string }[] = await world.owner.query(
      `SELECT concat_ws(' ', run_id, scope) AS text FROM open_run ORDER BY 1`,
    );
    return rows.map(({ text }) => text);
  };
  const lastReason = async () => (await alertEvents()).at(-1)!.data.reason;

  beforeEach(async () => {
    await monitored(ENGINE);
    await fullBackup(ENGINE, 14);
  });

  it('raises an alert about a run that does not end in a check, with all its data, and does not change freshness', async () => {
    await started('db', 13);
    await started('files', 12.9);
    await check();
    expect(await active()).toEqual({ [ENGINE]: 'ENGINE_BACKUP_STUCK' });
    const [raised, ...others] = await alertEvents();
    expect(others).toEqual([]);
    expect(raised).toMatchObject({
      name: 'BackupAlertRaised',
      data: {
        alert: 'ENGINE_BACKUP_STUCK',
        fqdn: ENGINE,
        run_id: 'run-1',
        scopes: ['db', 'files'],
        alert_period_days: 1,
        sequence: 1,
        message: expect.stringContaining('run-1'),
      },
    });
    const [log] = await world.owner.query(
      `SELECT min(counted_at) FILTER (WHERE is_passed IS NULL) AS started, max(counted_at) FILTER (WHERE is_passed) AS full
       FROM engine_backup_log`,
    );
    const [row] = await world.owner.query('SELECT * FROM alert');
    expect(Math.abs(log.started - row.since)).toBeLessThan(1);
    expect(raised!.data.since).toBe(row.since.toISOString());
    expect(Date.parse(String(raised!.data.last_full_backup_at))).toBeLessThanOrEqual(+log.full);
    expect(row).toMatchObject({ run_id: 'run-1', scopes: ['db', 'files'], sequence: '1' });
  });

  it('raises it once for each run, however many checks follow', async () => {
    await started('db', 14, 'run-2');
    await started('db', 13);
    await started('files', 13, null);
    for (let i = 0; i < 3; i++) await check();
    expect(await stuckAlerts()).toEqual(['run-1: db', 'run-2: db', 'null: files']);
    expect(await alertEvents()).toHaveLength(3);
  });

  it('raises nothing about a run within the limit, nor between checks', async () => {
    await started('db', 11.9);
    await check();
    await started('files', 13, 'run-2');
    await run();
    expect(await stuckAlerts()).toEqual([]);
    await check();
    expect(await stuckAlerts()).toEqual(['run-2: files']);
  });

  it('clears it between checks when the last scope of the run has ended, and not before', async () => {
    await started('db', 13);
    await started('files', 13);
    await check();
    await completed('db', 0);
    await run();
    expect(await stuckAlerts()).toEqual(['run-1: db,files']);
    await failed('files', 0);
    await run();
    expect(await stuckAlerts()).toEqual([]);
    const [raised, cleared] = await alertEvents();
    expect(cleared).toMatchObject({
      name: 'BackupAlertCleared',
      data: {
        alert_id: raised!.data.alert_id,
        alert: 'ENGINE_BACKUP_STUCK',
        raised_at: raised!.data.decided_at,
        sequence: 2,
        reason: 'run_ended',
      },
    });
  });

  it('clears it between checks when later runs have completed every scope that it started', async () => {
    await started('db', 13);
    await started('files', 13);
    await check();
    await started('db', 1, 'run-2');
    await completed('db', 0, 'run-2');
    await run();
    expect(await stuckAlerts()).toEqual(['run-1: db,files']);
    await completed('files', 0, 'run-2');
    await run();
    expect(await stuckAlerts()).toEqual([]);
    expect(await lastReason()).toBe('later_run');
    await check();
    expect(await stuckAlerts()).toEqual([]);
    expect(await openRuns()).toEqual([]);
  });

  it('clears the alert about a run without a name at any later end of its scope', async () => {
    await started('db', 13, null);
    await check();
    await completed('files', 0, null);
    await run();
    expect(await stuckAlerts()).toEqual(['null: db']);
    await failed('db', 0, 'run-2');
    await run();
    expect(await lastReason()).toBe('run_ended');
    expect(await openRuns()).toEqual([' db']);
    await check();
    expect(await openRuns()).toEqual([]);
  });

  it('uses the setting as soon as it changes', async () => {
    await started('db', 5);
    await check();
    await option('BackupStuckAfterInHours', '4');
    expect(await run()).toMatchObject({ checkReason: null });
    expect(await stuckAlerts()).toEqual(['run-1: db']);
    await option('BackupStuckAfterInHours', '6');
    await run();
    expect(await lastReason()).toBe('period_extended');
    await option('BackupStuckAfterInHours', '1');
    await run();
    await option('BackupStuckAfterInHours', '-1');
    await run();
    expect(await lastReason()).toBe('disabled');
    await check();
    expect(await stuckAlerts()).toEqual([]);
  });

  it('clears it when the feature is turned off, and raises it again when it is turned on', async () => {
    await started('db', 13);
    await check();
    await option('BackupCheckPeriodInHours', '-1');
    await run();
    expect(await lastReason()).toBe('disabled');
    expect(await openRuns()).toEqual(['run-1 db']);
    await option('BackupCheckPeriodInHours', '6');
    await run();
    expect(await stuckAlerts()).toEqual(['run-1: db']);
  });

  it('clears it when the engine is retired; when monitoring resumes, raises it immediately, also for runs that started meanwhile', async () => {
    await started('db', 13);
    await check();
    await retireEngines(world.owner, { fqdns: [ENGINE], who });
    await run();
    expect(await lastReason()).toBe('engine_retired');
    await started('files', 13, 'run-2');
    await check();
    expect(await stuckAlerts()).toEqual([]);
    await addEngine(world.owner, { fqdn: ENGINE, who });
    await run();
    expect(await stuckAlerts()).toEqual(['run-1: db', 'run-2: files']);
  });

  it('numbers it in one sequence with an alert about freshness', async () => {
    await world.owner.query(
      `UPDATE engine_backup_log SET done_at = done_at - interval '2 days', counted_at = counted_at - interval '2 days'`,
    );
    await started('db', 13);
    await check();
    expect(await stuckAlerts()).toEqual(['run-1: db']);
    await fullBackup(ENGINE);
    await run();
    expect(
      (await alertEvents()).map(({ data }) => [data.sequence, data.alert, data.reason]),
    ).toEqual([
      [1, 'ENGINE_NO_WARM_BACKUP', undefined],
      [2, 'ENGINE_BACKUP_STUCK', undefined],
      [3, 'ENGINE_NO_WARM_BACKUP', 'full_backup'],
      [4, 'ENGINE_BACKUP_STUCK', 'later_run'],
    ]);
  });

  it('raises and clears nothing while the time is unknown', async () => {
    await started('db', 13);
    await started('files', 13, 'run-2');
    await check();
    await started('db', 13, 'run-3');
    await completed('db', 0);
    await world.owner.query(
      `UPDATE checker_state SET latest_now_at = now() + interval '2 minutes'`,
    );
    expect(await check()).toMatchObject({ unreadyReason: expect.stringContaining('clock') });
    expect(await stuckAlerts()).toEqual(['run-1: db', 'run-2: files']);
  });

  it('keeps a run without a name if another start is stored during the check', async () => {
    await started('db', 10, null);
    await completed('db', 9, null);
    const other = world.owner.createQueryRunner();
    await other.startTransaction();
    await other.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT $1, 'meanwhile', 'db', at, NULL, '', '', at, at FROM (SELECT now() - interval '1 hour' AS at) report`,
      [ENGINE],
    );
    await check();
    await other.commitTransaction();
    await other.release();
    expect(await openRuns()).toEqual([' db']);
    await check();
    expect(await openRuns()).toEqual([' db']);
  });
});
