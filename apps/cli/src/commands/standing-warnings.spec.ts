import { logReports, type LoggedReport } from '@backup-awareness/database';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await database.owner.query('TRUNCATE engine, engine_backup_log, alert, alert_dismissal, outbox');
  await database.owner.query('UPDATE checker_state SET last_check_at = now(), engines = 1');
});

const run = (...args: string[]) => runCommand(args, { DATABASE_URL: database.ownerUrl });
const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout);
const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const log = (...reports: Partial<LoggedReport>[]) =>
  logReports(database.owner, reports.map(exampleReport));
const fullBackup = (hours: number) =>
  log(...['db', 'files'].map((scope) => ({ scope, doneAt: hoursAgo(hours) })));
const raiseAlert = () =>
  database.owner.query(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
     VALUES (gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', $1, now(), now(), 1, 1, '')`,
    [FQDN],
  );

describe('while the latest run of an engine has failed', () => {
  beforeEach(async () => {
    await fullBackup(5);
    await log(
      { isPassed: false, doneAt: hoursAgo(3), outputMessage: 'disk full' },
      { isPassed: null, doneAt: hoursAgo(1) },
    );
  });

  test('check warns even if the full backup is fresh, until a retry has completed', async () => {
    const { exitCode, stdout } = await run('check');
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /^BACKUP WARNING - the latest run failed: engine\.example\.com \(db, 3 h ago\)/,
    );
    expect(stdout).toContain('backup-awareness explain');
    expect(stdout).toContain(' fresh=1;;;0 ');
    expect(stdout).toContain(' latest_run_failed=1;0;;0');
    expect(await json('check')).toMatchObject({ exit_code: 1, figures: { latest_run_failed: 1 } });
    await log({ doneAt: hoursAgo(0.5) });
    expect((await run('check')).exitCode).toBe(0);
  });

  test('an alert and an unknown state stay more severe', async () => {
    await raiseAlert();
    expect(await run('check')).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(/^BACKUP CRITICAL - 1 alert: .*the latest run failed/),
    });
    await database.owner.query(`TRUNCATE alert`);
    await database.owner.query(
      `UPDATE checker_state SET last_check_at = now() - interval '9 days'`,
    );
    expect((await run('check')).exitCode).toBe(3);
  });

  test('status shows it, and failed runs of other scopes, of which check does not warn', async () => {
    await log(
      { doneAt: hoursAgo(2) },
      { scope: 'grafanadb', isPassed: false, doneAt: hoursAgo(2) },
    );
    expect((await run('check')).exitCode).toBe(0);
    const { stdout } = await run('status');
    expect(stdout).toMatch(/^Latest run failed$/m);
    expect(stdout).toMatch(/^engine\.example\.com +grafanadb +\d.* \(2 h ago\)$/m);
    const failed = { scope: 'grafanadb', failed_at: expect.any(String) };
    expect(await json('status')).toMatchObject({ engines: [{ failed_runs: [failed] }] });
    expect(await json('explain', FQDN)).toMatchObject({ failed_runs: [failed] });
  });

  test('a retired engine is not warned of', async () => {
    await log({ ...{ fqdn: 'other.example.com' } });
    await run('engines', 'retire', FQDN);
    expect((await run('check')).stdout).not.toContain('the latest run failed');
    expect((await run('status')).stdout).not.toContain('Latest run failed');
  });

  test('a failure in the future of an accepted clock does not outlive it', async () => {
    await database.owner.query(
      `UPDATE engine_backup_log SET counted_at = now() + interval '1 day' WHERE NOT is_passed`,
    );
    await database.owner.query(`UPDATE checker_state SET latest_now_at = now() + interval '1 day'`);
    await log({ doneAt: hoursAgo(0.5) });
    await run('clock', 'accept', '--comment', 'the time server was wrong', '--by', 'ann');
    await database.owner.query('UPDATE checker_state SET last_check_at = now()');
    expect((await run('check')).stdout).toMatch(/^BACKUP OK/);
  });
});

describe('an engine without a full backup', () => {
  test.each<[string, Partial<LoggedReport>[], string, object | null]>([
    ['that reported nothing', [], 'none', null],
    [
      'whose backups only start',
      [{ isPassed: null }],
      'none; latest report: db started 2 h ago',
      { scope: 'db', status: 'started' },
    ],
    [
      'whose backups fail',
      [
        { isPassed: null, doneAt: hoursAgo(4) },
        { isPassed: false, scope: 'files' },
      ],
      'none; latest report: files failed 2 h ago',
      { scope: 'files', status: 'failed' },
    ],
    [
      'that has an old report by a clock far ahead',
      [
        { isPassed: null, doneAt: '2099-01-01T00:00:00Z', firstReceivedAt: hoursAgo(50) },
        { isPassed: false },
      ],
      'none; latest report: db failed 2 h ago',
      { scope: 'db', status: 'failed' },
    ],
    [
      'that makes half of one',
      [{ scope: 'files' }],
      'none; latest report: files completed 2 h ago',
      { scope: 'files', status: 'completed' },
    ],
  ])('%s is shown with that fact', async (_, reports, cell, latest) => {
    await database.owner.query('INSERT INTO engine (fqdn) VALUES ($1)', [FQDN]);
    for (const report of reports)
      await log({ doneAt: hoursAgo(2), firstReceivedAt: hoursAgo(2), ...report });
    const row = (await run('status')).stdout.split('\n').find((line) => line.startsWith(FQDN));
    expect(row).toMatch(new RegExp(`^${FQDN} +${cell} {2,}`));
    expect(await json('status')).toMatchObject({ engines: [{ latest_report: latest }] });
  });
});

describe('explain', () => {
  test('lists reports by receipt, so that a clock that was ahead hides nothing, with both times if they differ', async () => {
    for (let day = 0; day < 12; day++)
      await log({
        isPassed: null,
        doneAt: `2099-01-${10 + day}T00:00:00Z`,
        firstReceivedAt: hoursAgo(100),
        outputMessage: 'ahead',
      });
    await log({
      doneAt: hoursAgo(2),
      firstReceivedAt: new Date(Date.now() - 2 * 3_600_000 + 30_000).toISOString(),
      outputMessage: 'newest',
    });
    await log({ doneAt: hoursAgo(30), firstReceivedAt: hoursAgo(3), outputMessage: 'late' });
    const { latest_reports: reports } = await json('explain', FQDN);
    expect(
      reports.slice(0, 3).map((one: { output_message: string }) => one.output_message),
    ).toEqual(['newest', 'late', 'ahead']);
    expect(reports).toHaveLength(10);
    const { stdout } = await run('explain', FQDN);
    const line = (message: string) => stdout.split('\n').find((one) => one.endsWith(message)) ?? '';
    const instants = (text: string) => text.match(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g);
    expect(stdout).toMatch(/^RECEIVED AT +DONE AT +SCOPE +STATUS +COUNTS AS OF +MESSAGE$/m);
    // Received, and counted.
    expect(instants(line('newest'))).toHaveLength(2);
    expect(instants(line('late'))).toHaveLength(3);
    expect(line('ahead')).toMatch(/^\d.*  2099-01-\d\d /);
  });
});

describe('while BackupExcludeMode is table', () => {
  beforeEach(async () => {
    await fullBackup(1);
    await run('config', '-s', 'BackupExcludeMode=table', '--force');
  });
  afterEach(() => run('config', '-s', 'BackupExcludeMode=data'));

  const WARNING =
    'BackupExcludeMode is table: engine-backup --mode=restore will fail on archives made now ' +
    '(backup-awareness config -s BackupExcludeMode=data ends this)';

  test('check warns, and hides neither an alert nor an unknown state', async () => {
    expect(await run('check')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(`BACKUP WARNING - ${WARNING} | `),
    });
    await raiseAlert();
    expect(await run('check')).toMatchObject({
      exitCode: 2,
      stdout: expect.stringMatching(/^BACKUP CRITICAL - 1 alert: .*BackupExcludeMode is table/),
    });
    await run('config', '-s', 'BackupCheckPeriodInHours=-1');
    expect((await run('check')).exitCode).toBe(3);
    await run('config', '-s', 'BackupCheckPeriodInHours=6');
  });

  test('status says so, until it is data again', async () => {
    expect((await run('status')).stdout).toContain(WARNING);
    expect(await json('status')).toMatchObject({ exclude_mode: 'table' });
    await run('config', '-s', 'BackupExcludeMode=data');
    expect((await run('status')).stdout).not.toContain('BackupExcludeMode');
    expect((await run('check')).exitCode).toBe(0);
  });
});

describe('while a run of an engine does not end', () => {
  const ALERT_ID = '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e43';

  beforeEach(async () => {
    await fullBackup(5);
    await database.owner.query(
      `INSERT INTO alert (alert_id, alert, fqdn, run_id, scopes, since, decided_at, alert_period_days, sequence, message)
       VALUES ($1, 'ENGINE_BACKUP_STUCK', $2, 'run-1', '{db,files}', now() - interval '13 hours', now(), 1, 1,
         'A backup of engine.example.com (run run-1) has not ended')`,
      [ALERT_ID, FQDN],
    );
  });

  test('check warns though the full backup is fresh, dismissed or not', async () => {
    const warning =
      /^BACKUP WARNING - a backup does not end: engine\.example\.com \(db, files, for 13 h/;
    expect(await run('check')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringMatching(warning),
    });
    expect(await json('check')).toMatchObject({ exit_code: 1, figures: { stuck: 1, alerts: 0 } });
    await run('alerts', 'dismiss', ALERT_ID, '--comment', 'known');
    expect(await run('check')).toMatchObject({
      exitCode: 1,
      stdout: expect.stringContaining(', dismissed)'),
    });
  });

  test('its scopes are those that have no end now', async () => {
    const runId = 'run-1';
    await log(
      { scope: 'db', isPassed: null, runId, doneAt: hoursAgo(13) },
      { scope: 'files', isPassed: null, runId, doneAt: hoursAgo(13) },
      { scope: 'db', isPassed: true, runId, doneAt: hoursAgo(0.1) },
    );
    expect(await json('explain', FQDN)).toMatchObject({ active_alerts: [{ scopes: ['files'] }] });
    expect((await run('status')).stdout).toContain('ENGINE_BACKUP_STUCK (files) for 13 h');
    expect((await run('check')).stdout).toContain(
      'a backup does not end: engine.example.com (files, for 13 h',
    );
  });

  test('an alert about freshness is more severe', async () => {
    await database.owner.query(`UPDATE alert SET sequence = 2`);
    await raiseAlert();
    const { exitCode, stdout } = await run('check');
    expect(exitCode).toBe(2);
    expect(stdout).toMatch(/^BACKUP CRITICAL - 1 alert: .*; a backup does not end: /);
  });

  test('explain and status show which run it is, and alerts list shows the alert', async () => {
    const alert = { alert: 'ENGINE_BACKUP_STUCK', run_id: 'run-1', scopes: ['db', 'files'] };
    expect(await json('explain', FQDN)).toMatchObject({
      verdict: 'fresh',
      reason: 'fresh',
      active_alerts: [alert],
    });
    expect((await run('explain', FQDN)).stdout).toContain('(run run-1) has not ended');
    expect(await json('status')).toMatchObject({
      stuck_after_hours: 12,
      engines: [{ active_alerts: [alert] }],
    });
    expect((await run('status')).stdout).toMatch(
      /fresh, .* ENGINE_BACKUP_STUCK \(db, files\) for 13 h/,
    );
    expect(await json('alerts', 'list')).toMatchObject([
      { alert_id: ALERT_ID, alert: 'ENGINE_BACKUP_STUCK', active: true },
    ]);
  });
});
