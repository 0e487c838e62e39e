import {
  createTestDatabase,
  recordChanges,
  recordFullBackups,
  type TestDatabase,
} from '@backup-awareness/testing';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

let database: TestDatabase;
let now: number;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());
beforeEach(async () => {
  await sql('TRUNCATE engine_backup_log, engine, alert, engine_alert_state, outbox');
  await sql('DELETE FROM audit_log');
  await sql('UPDATE vdc_options SET option_value = default_value, changed_at = NULL');
  await sql('UPDATE checker_state SET last_check_at = now(), latest_now_at = NULL');
  now = Date.now();
});

const sql = (statement: string, parameters: unknown[] = []) =>
  database.owner.query(statement, parameters);
/** As the read-only role. */
const run = (...args: string[]) => runCommand(args, { DATABASE_URL: database.urls.reader });
const json = async (...args: string[]) => {
  const { stdout, stderr } = await run(...args, '--json');
  expect(stderr).toBe('');
  return JSON.parse(stdout);
};

const ago = (ms: number) => now - ms;
const utc = (at: number) => new Date(at).toISOString();
const monitor = (fqdn: string, sinceAt: number) =>
  sql('INSERT INTO engine (fqdn, watched_since) VALUES ($1, to_timestamp($2::float8 / 1000))', [
    fqdn,
    sinceAt,
  ]);
const changePeriod = async (from: string, to: string, at: number) => {
  const what = 'BackupAlertPeriodInDays';
  await recordChanges(database, { name: 'SettingChanged', what, from, to, at });
  await sql(
    `UPDATE vdc_options SET option_value = $1, changed_at = to_timestamp($2::float8 / 1000) WHERE option_name = $3`,
    [to, at, what],
  );
};

describe('explain --at', () => {
  beforeEach(async () => {
    await monitor(FQDN, ago(9 * DAY_MS));
    await recordFullBackups(
      database,
      FQDN,
      { countedAt: ago(5 * DAY_MS) },
      { countedAt: ago(2 * DAY_MS), receivedAt: ago(DAY_MS) },
    );
    await changePeriod('3', '1', ago(3 * DAY_MS));
  });

  test.each([
    ['before it was monitored', 10, { watched: false, verdict: null, reason: 'not_watched' }],
    ['before its first full backup', 6, { verdict: 'no_full_backup', last_full_backup_at: null }],
    ['by the period of that time', 3.5, { verdict: 'fresh', alert_period_days: 3 }],
    ['after the period was shortened', 2.5, { verdict: 'too_old', alert_period_days: 1 }],
    ['before a report had come, though its backup was done', 1.5, { verdict: 'too_old' }],
  ])('shows the verdict %s', async (_, days, expected) => {
    const at = ago(days * DAY_MS);
    const found = await json('explain', FQDN, '--at', utc(at));
    expect(found).toMatchObject({ fqdn: FQDN, at: utc(at), ...expected });
  });

  test('in a new installation the past is known since the monitoring began, and not since entries would be kept', async () => {
    expect((await run('explain', FQDN, '--at', '1h')).stdout).toMatch(
      /^Known since +its monitoring began$/m,
    );
    await sql("UPDATE engine SET watched_since = now() - interval '800 days'");
    expect((await run('explain', FQDN, '--at', '1h')).stdout).toMatch(/^Known since +\d{4}-/m);
  });

  test('shows in words what was known then, which alert was active, and since when the past is known', async () => {
    await sql(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message, cleared_at)
       VALUES (gen_random_uuid(), 'ENGINE_NO_WARM_BACKUP', $1, now() - interval '3 days', now() - interval '3 days', 1, 1, '', now() - interval '1 day')`,
      [FQDN],
    );
    const { stdout } = await run('explain', FQDN, '--at', '2d');
    expect(stdout).toMatch(/^engine\.example\.com at \d{4}-\d\d-\d\d /);
    expect(stdout).toContain('Too old: the last full backup was');
    expect(stdout).toMatch(/its maximum age was 1 day, exceeded since \d{4}-/);
    expect(stdout).toMatch(/^Alert +ENGINE_NO_WARM_BACKUP since /m);
    expect(stdout).toMatch(/^Known since +its monitoring began$/m);
  });

  test('shows no verdict of a time before the past is known, and since when it is', async () => {
    await sql(
      `UPDATE vdc_options SET option_value = '2', changed_at = now() WHERE option_name = 'BackupAlertPeriodInDays'`,
    );
    const found = await json('explain', FQDN, '--at', '1h');
    expect(found).toMatchObject({ verdict: null, watched: null, active_alerts: null });
    expect(Date.parse(found.can_tell_since)).toBeGreaterThanOrEqual(now);
    expect(found.explanation).toContain('Unknown before');
  });

  test.each([
    [['--at', 'yesterday'], '--at: expected a date and time'],
    [['--at', '2999-01-01T00:00:00Z'], 'see backup-awareness forecast'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await run('explain', FQDN, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test('suggests a similar name for an unknown engine', async () => {
    const { exitCode, stderr } = await run('explain', 'engin.example.com', '--at', '1h');
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`did you mean ${FQDN}?`);
  });
});

describe('forecast', () => {
  test('shows which engines turn too old, when, in which scope, and the check that finds it', async () => {
    await monitor('soon.example.com', ago(9 * DAY_MS));
    await monitor('later.example.com', ago(9 * DAY_MS));
    await monitor('never.example.com', ago(9 * DAY_MS));
    const soonAt = ago(20 * HOUR_MS);
    await recordFullBackups(database, 'soon.example.com', { countedAt: soonAt });
    await recordFullBackups(database, 'later.example.com', { countedAt: ago(HOUR_MS) });
    await sql(
      `UPDATE engine_backup_log SET counted_at = now() WHERE fqdn = 'soon.example.com' AND scope = 'db'`,
    );
    const found = await json('forecast', '--hours', '12');
    const turnsAt = soonAt + DAY_MS;
    expect(found.engines).toEqual([
      {
        fqdn: 'soon.example.com',
        turns_at: utc(turnsAt),
        check_at: expect.any(String),
        short_scope: 'files',
        last_full_backup_at: utc(soonAt),
      },
    ]);
    expect(Date.parse(found.until) - Date.parse(found.now)).toBe(12 * HOUR_MS);
    const checkAt = Date.parse(found.engines[0].check_at);
    expect(checkAt).toBeGreaterThan(turnsAt);
    expect(checkAt).toBeLessThanOrEqual(turnsAt + 6 * HOUR_MS);
    const hour = utc(turnsAt - (turnsAt % HOUR_MS));
    expect(found.by_hour).toEqual([{ hour, count: 1 }]);
    const { stdout } = await run('forecast');
    expect(stdout).toMatch(/^soon\.example\.com .*in .* files /m);
    expect(stdout).toMatch(/^later\.example\.com /m);
    expect(stdout).toContain('Already too old: 0; without a full backup: 1.');
  });

  test('says so where no engine turns', async () => {
    expect((await run('forecast', '--hours', '1.5')).stdout).toContain(
      'No engine turns too old within the next 1 hour and 30 minutes.',
    );
  });

  test('fails while the clock is behind, and says what to do', async () => {
    await sql(`UPDATE checker_state SET latest_now_at = now() + interval '2 hours'`);
    const { exitCode, stdout, stderr } = await run('forecast');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' });
    expect(stderr).toContain('clock accept');
  });

  test.each(['0', '-1', 'x', '1e3'])('refuses --hours %s', async (hours) => {
    const { exitCode, stderr } = await run('forecast', `--hours=${hours}`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('--hours: expected a plain decimal number of hours');
  });
});

describe('--preview', () => {
  beforeEach(async () => {
    await monitor('old.example.com', ago(40 * DAY_MS));
    await monitor('young.example.com', ago(40 * DAY_MS));
    await recordFullBackups(
      database,
      'old.example.com',
      ...[20, 18, 3].map((days) => ({ countedAt: ago(days * DAY_MS) })),
    );
    await recordFullBackups(
      database,
      'young.example.com',
      ...Array.from({ length: 32 }, (_, days) => ({ countedAt: ago(days * DAY_MS + HOUR_MS) })),
    );
    await sql(
      `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, last_full_backup_at, alert_period_days, sequence, message)
       SELECT gen_random_uuid(), 'ENGINE_NO_WARM_BACKUP', 'old.example.com', now(), now(), max(counted_at), 1, 1, ''
       FROM engine_backup_log WHERE fqdn = 'old.example.com'`,
    );
  });

  test('of a longer period shows what it clears, and how many alerts the past had and would have had', async () => {
    expect(await json('config', '-s', 'BackupAlertPeriodInDays=4', '--preview')).toEqual({
      raises: [],
      clears: ['old.example.com'],
      unchanged: 1,
      past_days: 30,
      // 20 and 18 days ago and the last one: each was too old a day later, and four days later twice.
      past_raises_now: 3,
      past_raises_then: 1,
      unrecorded_change: null,
    });
  });

  test('of a shorter period shows what it raises', async () => {
    const found = await json('config', '-s', 'BackupAlertPeriodInDays=0.02', '--preview');
    expect(found).toMatchObject({ raises: ['young.example.com'], clears: [], unchanged: 1 });
    expect(found.past_raises_then).toBeGreaterThan(25);
  });

  test('of disabling the feature shows that it clears all, and would have raised none', async () => {
    expect(await json('config', '-s', 'BackupCheckPeriodInHours=-1', '--preview')).toMatchObject({
      clears: ['old.example.com'],
      past_raises_then: 0,
      unrecorded_change: null,
    });
  });

  test('of an engine’s own period is about that engine alone', async () => {
    expect(
      await json('engines', 'set', 'old.example.com', '--alert-period', '5', '--preview'),
    ).toMatchObject({ raises: [], clears: ['old.example.com'], unchanged: 0, past_raises_now: 3 });
  });

  test('of an engine whose past is known only in part compares that part, and says so', async () => {
    // Changed without an audit entry: what it was before is unknown.
    await sql(
      `UPDATE engine SET alert_period_days = 2, alert_period_changed_at = now() - interval '5 days 1 hour'
       WHERE fqdn = 'old.example.com'`,
    );
    const args = ['engines', 'set', 'old.example.com', '--alert-period', '5', '--preview'];
    expect(await json(...args)).toMatchObject({ past_days: 5 });
    expect((await run(...args)).stdout).toContain('The past of 1 engine is known only in part');
    const { stdout } = await run('config', '-s', 'BackupAlertPeriodInDays=4', '--preview');
    expect(stdout).toContain('In the last 30 days');
    expect(stdout).toContain('The past of 1 engine is known only in part');
  });

  test('after a setting had an invalid value compares the time since, and says that the rest is unknown', async () => {
    await changePeriod('1', 'often', ago(20 * DAY_MS));
    await changePeriod('often', '2', ago(10 * DAY_MS));
    const args = ['config', '-s', 'BackupAlertPeriodInDays=4', '--preview'];
    expect(await json(...args)).toMatchObject({ past_days: 10 });
    expect((await run(...args)).stdout).toContain('In the last 10 days');
  });

  test('says it in words, and changes nothing', async () => {
    const { stdout } = await run('config', '-s', 'BackupAlertPeriodInDays=4', '--preview');
    expect(stdout).toContain('nothing is changed');
    expect(stdout).toContain(
      'Of the alerts about freshness it would now raise none and clear 1; 1 engine stays as it is.',
    );
    expect(stdout).toMatch(/^Cleared:\n {2}old\.example\.com$/m);
    expect(stdout).toContain(
      'In the last 30 days it would have raised 1 alert; without it, 3 alerts.',
    );
    const [{ option_value: value }] = await sql(
      `SELECT option_value FROM vdc_options WHERE option_name = 'BackupAlertPeriodInDays'`,
    );
    expect(value).toBe('1');
    expect(await sql('SELECT * FROM outbox')).toEqual([]);
  });

  test('shows the first 20 engines, and all as JSON', async () => {
    await sql(
      `INSERT INTO engine (fqdn, watched_since) SELECT 'new-' || n || '.example.com', now() FROM generate_series(10, 34) n`,
    );
    const args = ['config', '-s', 'BackupAlertPeriodInDays=4', '--preview'];
    const { stdout } = await run(...args);
    expect(stdout.match(/^ {2}new-/gm)).toHaveLength(20);
    expect(stdout).toContain('and 5 more (--json shows all)');
    expect((await json(...args)).raises).toHaveLength(25);
  });

  test.each([
    [['config', '-g', 'BackupAlertPeriodInDays', '--preview'], '--preview together with -s'],
    [['config', '-s', 'BackupAlertPeriodInDays=0', '--preview'], 'BackupAlertPeriodInDays'],
    [['config', '-s', 'BackupStuckAfterInHours=1', '--preview'], 'alerts about freshness only'],
    [['config', '-s', 'BackupLogRetentionInDays=30', '--preview'], 'alerts about freshness only'],
    [
      ['engines', 'set', 'old.example.com', '--no-broker-user', '--preview'],
      '--preview together with --alert-period-days',
    ],
    [['engines', 'set', 'other.example.com', '--alert-period', '2', '--preview'], 'unknown engine'],
  ])('refuses %j', async (args, message) => {
    const { exitCode, stderr } = await run(...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });
});
