import { logReports } from '@backup-awareness/database';
import {
  createTestDatabase,
  exampleReport,
  recordChanges,
  recordFullBackups,
  type TestDatabase,
} from '@backup-awareness/testing';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';
const DAY_MS = 86_400_000;
/** The month before the present one. */
const thisMonth = new Date();
const from = Date.UTC(thisMonth.getUTCFullYear(), thisMonth.getUTCMonth() - 1);
const until = Date.UTC(thisMonth.getUTCFullYear(), thisMonth.getUTCMonth());
const month = new Date(from).toISOString().slice(0, 7);
const days = (until - from) / DAY_MS;
const day = (number: number) => from + (number - 1) * DAY_MS;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await sql('TRUNCATE engine_backup_log, engine, alert');
  await sql('DELETE FROM audit_log');
  await sql('UPDATE vdc_options SET option_value = default_value, changed_at = NULL');
});

const sql = (statement: string, parameters: unknown[] = []) =>
  database.owner.query(statement, parameters);
const run = (...args: string[]) =>
  runCommand(['report', ...args], { DATABASE_URL: database.urls.reader });
const json = async (wanted = month) => {
  const { stdout, stderr } = await run('--month', wanted, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};
const monitor = (fqdn: string, sinceAt: number, retiredAt: number | null = null) =>
  sql(
    `INSERT INTO engine (fqdn, watched_since, retired_at) VALUES ($1, to_timestamp($2::float8 / 1000), to_timestamp($3::float8 / 1000))`,
    [fqdn, sinceAt, retiredAt],
  );
const backUpDaily = (fqdn: string, fromDay: number, untilDay: number) =>
  recordFullBackups(
    database,
    fqdn,
    ...Array.from({ length: untilDay - fromDay + 1 }, (_, index) => ({
      countedAt: day(fromDay + index),
    })),
  );

describe('the report of a month', () => {
  test('shows how far each engine was covered, and the total', async () => {
    await monitor('a.example.com', day(-9));
    await backUpDaily('a.example.com', 0, days);
    await monitor('b.example.com', day(11));
    await backUpDaily('b.example.com', 13, days);
    await monitor('retired.example.com', day(-50), day(-20));
    const found = await json();
    expect(found).toMatchObject({
      month,
      from: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
      is_over: true,
    });
    const nothing = {
      alerts: 0,
      failed_backups: 0,
      dismissals: [],
      can_tell_since: expect.any(String),
    };
    expect(found.engines).toEqual([
      {
        fqdn: 'a.example.com',
        covered_percent: 100,
        longest_gap_hours: 0,
        gaps: 0,
        covered_seconds: days * 86_400,
        uncovered_seconds: 0,
        unwatched_seconds: 0,
        backups: days,
        last_full_backup_at: new Date(day(days)).toISOString(),
        ...nothing,
      },
      {
        fqdn: 'b.example.com',
        covered_percent: Math.floor(((days - 12) / (days - 10)) * 10_000) / 100,
        longest_gap_hours: 48,
        gaps: 1,
        covered_seconds: (days - 12) * 86_400,
        uncovered_seconds: 2 * 86_400,
        unwatched_seconds: 10 * 86_400,
        backups: days - 12,
        last_full_backup_at: new Date(day(days)).toISOString(),
        ...nothing,
      },
    ]);
    expect(found.total).toMatchObject({
      engines: 2,
      untold: 0,
      gaps: 1,
      longest_gap_hours: 48,
      backups: 2 * days - 12,
      covered_seconds: (2 * days - 12) * 86_400,
    });
  });

  test('the row for all has the oldest last full backup, or says that engines have none', async () => {
    await monitor('a.example.com', day(-9));
    await backUpDaily('a.example.com', 0, 9);
    await monitor('b.example.com', day(-9));
    await backUpDaily('b.example.com', 0, 12);
    const lastOfAll = async () =>
      /^All .*$/m.exec((await run('--month', month)).stdout)![0].replace(/^.* 0 {2,}/, '');
    const shown = new Date(day(9)).toISOString().slice(0, 19).replace('T', ' ');
    expect(await lastOfAll()).toBe(`oldest ${shown} UTC`);
    await monitor('c.example.com', day(-9));
    expect(await lastOfAll()).toBe('none of 1 engine');
  });

  test('an engine whose first reports are a full backup is covered from its registration on', async () => {
    await logReports(
      database.owner,
      ['db', 'files'].map((scope) =>
        exampleReport({ fqdn: FQDN, scope, doneAt: new Date().toISOString() }),
      ),
    );
    const found = await json(new Date().toISOString().slice(0, 7));
    expect(found.engines).toMatchObject([{ covered_percent: 100, gaps: 0, uncovered_seconds: 0 }]);
  });

  test('shows alerts, failed runs and dismissals with who, when and why', async () => {
    await monitor(FQDN, day(-9));
    await sql(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
       VALUES (gen_random_uuid(), 'ENGINE_NO_FULL_BACKUP', $1, now(), to_timestamp($2::float8 / 1000), 1, 1, '')`,
      [FQDN, day(3)],
    );
    await sql(
      `INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, run_id, received_at, counted_at)
       SELECT $1, id, scope, at, false, '', '', run, at, at
       FROM (VALUES ('1', 'db', 'r'), ('2', 'files', 'r'), ('3', 'db', NULL), ('4', 'grafanadb', NULL)) failed (id, scope, run),
         to_timestamp($2::float8 / 1000) AS at`,
      [FQDN, day(4)],
    );
    const dismissal = { name: 'AlertDismissed', fqdn: FQDN, what: 'alert', at: day(5) } as const;
    await recordChanges(
      database,
      { ...dismissal, alert: 'ENGINE_NO_FULL_BACKUP', comment: 'moving house' },
      // The report is about freshness, and counts no alert about a run, either.
      { ...dismissal, alert: 'ENGINE_BACKUP_STUCK', comment: 'a large database' },
    );
    const [engine] = (await json()).engines;
    expect(engine).toMatchObject({
      covered_percent: 0,
      alerts: 1,
      failed_backups: 2,
      backups: 0,
      dismissals: [{ who: 'root', when: new Date(day(5)).toISOString(), comment: 'moving house' }],
      last_full_backup_at: null,
    });
  });

  test('of the current month ends now', async () => {
    await monitor(FQDN, from);
    const found = await json(new Date().toISOString().slice(0, 7));
    expect(found.is_over).toBe(false);
    expect(Date.parse(found.until)).toBeLessThanOrEqual(Date.now() + 60_000);
  });

  test('is refused where the audit log does not reach back to its beginning', async () => {
    await monitor(FQDN, from);
    await sql(
      `UPDATE vdc_options SET option_value = '2', changed_at = now() WHERE option_name = 'BackupAlertPeriodInDays'`,
    );
    const { exitCode, stdout, stderr } = await run('--month', month);
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('the past is unknown before');
    expect(stderr).toContain('the change of BackupAlertPeriodInDays at that time is not in');
  });

  test('shows the coverage of an engine as unknown, where reports of that time were removed', async () => {
    await monitor(FQDN, day(-50));
    await recordFullBackups(database, FQDN, { countedAt: day(6) });
    const keptDays = String((Date.now() - day(1)) / DAY_MS);
    await sql(
      `UPDATE vdc_options SET option_value = $1, changed_at = to_timestamp($2::float8 / 1000) WHERE option_name = 'BackupLogRetentionInDays'`,
      [keptDays.slice(0, 8), day(-10)],
    );
    await recordChanges(database, {
      name: 'SettingChanged',
      what: 'BackupLogRetentionInDays',
      from: '400',
      to: keptDays.slice(0, 8),
      at: day(-10),
    });
    const found = await json();
    expect(found.engines[0]).toMatchObject({ covered_percent: null, gaps: null });
    expect(found.total).toMatchObject({ engines: 1, untold: 1, covered_percent: null });
    expect((await run('--month', month)).stdout).toContain('Unknown for 1 of 1 engines');
  });

  test.each([
    [[], "required option '--month <YYYY-MM>' not specified"],
    [['--month', '2026-13'], '--month: expected a month as 2026-11'],
    [['--month', '2999-01'], 'expected a month that has begun'],
    [['--month', month, '--format', 'pdf'], '--format: expected one of table, csv, json, html'],
    [['--month', month, '--format', 'csv', '--json'], 'got both'],
  ])('is refused with %j', async (args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('for a person', () => {
  beforeEach(async () => {
    await monitor('-engine.example.com', day(-9));
    await backUpDaily('-engine.example.com', 0, days);
    await recordChanges(database, {
      name: 'AlertDismissed',
      fqdn: '-engine.example.com',
      what: 'alert',
      at: day(5),
      comment: '<script>alert(1)</script>, "quoted"\n\u001b[31m',
    });
  });

  test('the table says that it is in UTC, and what counts', async () => {
    const { stdout } = await run('--month', month);
    expect(stdout).toContain(`Backup coverage: ${month} in UTC`);
    expect(stdout).toMatch(/^-engine\.example\.com +100 % +0 h +0 +0 h/m);
    expect(stdout).toMatch(/^All \(1 engine\) +100 %/m);
    expect(stdout).toContain(
      '-engine.example.com, by root: <script>alert(1)</script>, "quoted"\\n\\x1b[31m',
    );
    expect(stdout).toContain('Not monitored: time that does not count');
  });

  test('CSV has no cell that a spreadsheet would run, and no control character', async () => {
    const { stdout } = await run('--month', month, '--format', 'csv');
    const [header, engine, all, ...rest] = stdout.split('\n');
    expect(header).toMatch(/^month,fqdn,covered_percent,longest_gap_hours,gaps,alerts,/);
    expect(engine).toMatch(new RegExp(`^${month},'-engine\\.example\\.com,100,0,0,`));
    expect(engine).toContain('<script>alert(1)</script>, ""quoted""\\n\\x1b[31m"');
    expect(all).toMatch(new RegExp(`^${month},\\(all\\),100,`));
    expect(rest).toEqual(['']);
  });

  test('HTML is one page without scripts, in which data is text', async () => {
    const { stdout } = await run('--month', month, '--format', 'html');
    expect(stdout).toMatch(/^<!doctype html>\n/);
    expect(stdout).toContain(
      '&lt;script&gt;alert(1)&lt;/script&gt;, &quot;quoted&quot;\\n\\x1b[31m',
    );
    expect(stdout).not.toMatch(/<script|src=|href=|url\(|@import/);
    expect(stdout).toContain('@media print');
    expect(stdout).toMatch(/<tr><td>-engine\.example\.com<\/td><td>100 %<\/td>/);
  });
});
