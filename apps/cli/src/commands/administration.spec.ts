import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { runCommand } from '../spec/run-command.js';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database?.drop());

const run = (...args: string[]) => runCommand(args, { DATABASE_URL: database.ownerUrl });

async function outbox(): Promise<{ name: string; data: Record<string, unknown> }[]> {
  return database.owner.query('SELECT name, data FROM outbox ORDER BY id');
}

beforeEach(() => database.owner.query('DELETE FROM outbox'));

describe('engines retire with several names and patterns', () => {
  const insert = (...names: string[]) =>
    database.owner.query('INSERT INTO engine (fqdn) SELECT unnest($1::text[])', [names]);
  const monitored = async (): Promise<string[]> =>
    (await database.owner.query('SELECT fqdn FROM engine WHERE retired_at IS NULL ORDER BY 1')).map(
      ({ fqdn }: { fqdn: string }) => fqdn,
    );
  beforeEach(() => database.owner.query('TRUNCATE engine'));
  afterEach(() => database.owner.query('TRUNCATE engine'));

  test('--preview shows which and how many, and changes nothing', async () => {
    const names = Array.from({ length: 25 }, (_, i) => `bad-${i + 10}.example.com`);
    await insert('good.example.com', ...names);
    const { exitCode, stdout } = await run('engines', 'retire', 'BAD-*', '--preview');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^This would retire 25 engines:\n  bad-10\.example\.com\n/);
    expect(stdout).toContain('  and 5 more (--json shows all)\nNothing was changed.\n');
    const json = await run('engines', 'retire', 'bad-*', 'good.example.com', '--preview', '--json');
    expect(JSON.parse(json.stdout)).toEqual({
      preview: true,
      count: 26,
      engines: ['good.example.com', ...names],
      already_retired: [],
      broker_users: [],
    });
    expect(await monitored()).toHaveLength(26);
    expect(await outbox()).toEqual([]);
  });

  test('retires exactly the matching engines in steps, with an event for each', async () => {
    const names = Array.from({ length: 1_100 }, (_, i) => `bad-${i}.example.com`);
    await insert('bad.example.com', 'a.b', 'a.c', 'abc', 'keep.example.com', ...names);
    const { stdout, exitCode } = await run('engines', 'retire', 'bad-*.example.com', 'a?c', 'a.b');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Retired 1103 engines:/);
    expect(await monitored()).toEqual(['bad.example.com', 'keep.example.com']);
    const events = await outbox();
    expect(events).toHaveLength(1_103);
    expect(new Set(events.map(({ name }) => name))).toEqual(new Set(['EngineRetired']));
    expect(new Set(events.map(({ data }) => data['fqdn'])).size).toBe(1_103);
  });

  test('a pattern without a match or an unknown name is refused and changes nothing', async () => {
    await insert('a.example.com');
    for (const [wrong, message] of [
      ['b*', 'no monitored engine matches "b*"'],
      ['nowhere', 'unknown engine "nowhere"'],
    ] as const) {
      const { exitCode, stderr } = await run('engines', 'retire', 'a*', wrong);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(message);
    }
    expect(await monitored()).toEqual(['a.example.com']);
  });
});

describe('config', () => {
  test('-l lists the keys with their meaning and their valid values, without a database', async () => {
    const { exitCode, stdout } = await runCommand(['config', '-l'], { RUN_DIR: '/nowhere' });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('BackupCheckPeriodInHours\n  what     hours from one check');
    expect(stdout).toContain('  values   data or table\n  default  data');
  });

  test('-a shows all values, and -d those that differ from their default', async () => {
    expect((await run('config', '--all')).stdout).toMatch(/BackupExcludeMode +never +same +data/);
    expect((await run('config', '-d')).stdout).toBe('All settings have their default values.\n');
    await run('config', '-s', 'BackupExcludeMode=table', '--force');
    const { stdout } = await run('config', '--diff', '--json');
    expect(JSON.parse(stdout)).toEqual([
      {
        name: 'BackupExcludeMode',
        value: 'table',
        default: 'data',
        changed_at: expect.any(String),
      },
    ]);
    await run('config', '-s', 'BackupExcludeMode=data');
  });

  test('-s BackupExcludeMode=table is refused without --force, and comes with a warning whenever it is shown', async () => {
    const refused = await run('config', '-s', 'BackupExcludeMode=table');
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toMatch(/engine-backup --mode=restore fails on archives .* add --force/);
    expect((await run('config', '-g', 'BackupExcludeMode')).stdout).toBe('data\n');
    const set = await run('config', '-s', 'BackupExcludeMode=table', '--force');
    expect(set.exitCode).toBe(0);
    for (const { stdout } of [set, await run('config', '-a'), await run('config', '-d')])
      expect(stdout).toContain('engine-backup --mode=restore fails on archives');
    await run('config', '-s', 'BackupExcludeMode=data');
    expect((await run('config', '-a')).stdout).not.toContain('restore fails');
  });

  test('-s BackupExcludedTables with only some of the nine tables is refused', async () => {
    const { exitCode, stderr } = await run('config', '-s', 'BackupExcludedTables=job,step');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/all or none of async_tasks, .*cannot be restored/);
  });

  test('-s BackupExcludedTables with another table warns, as it may be misspelt', async () => {
    const before = (await run('config', '-g', 'BackupExcludedTables')).stdout.trim();
    const { exitCode, stdout } = await run('config', '-s', 'BackupExcludedTables=jobb');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('Not among the default tables: jobb.');
    await run('config', '-s', `BackupExcludedTables=${before}`);
  });

  test('--cver accepts only general, for engine-config', async () => {
    const general = await run('config', '-g', 'BackupAlertPeriodInDays', '--cver=general');
    expect(general.stdout).toBe('1\n');
    const other = await run('config', '-g', 'BackupAlertPeriodInDays', '--cver=4.5');
    expect(other.exitCode).toBe(2);
    expect(other.stderr).toContain('expected general, the version of every setting, got "4.5"');
  });

  test('-g prints the value and nothing else', async () => {
    expect(await run('config', '-g', 'BackupAlertPeriodInDays')).toEqual({
      exitCode: 0,
      stdout: '1\n',
      stderr: '',
    });
  });

  test('-s changes a value, with an event that says who, from and to', async () => {
    const { exitCode, stdout } = await run(
      'config',
      '-s',
      'BackupCheckPeriodInHours=-1',
      '--by',
      'ann',
    );
    expect(exitCode).toBe(0);
    expect(stdout).toContain('BackupCheckPeriodInHours set to -1 (was 6).');
    expect((await run('config', '--get=BackupCheckPeriodInHours')).stdout).toBe('-1\n');
    expect((await run('config', '--set=BackupCheckPeriodInHours=6')).stdout).toContain('set to 6 ');
    expect((await run('config', '-s', 'BackupCheckPeriodInHours=6')).stdout).toContain('already 6');
    expect(await outbox()).toMatchObject([
      {
        name: 'SettingChanged',
        data: { who: 'ann', what: 'BackupCheckPeriodInHours', from: '6', to: '-1' },
      },
      { name: 'SettingChanged', data: { from: '-1', to: '6' } },
    ]);
  });

  test.each(['0', '-2', 'x', '1e999', 'NaN', '', ' 6', '0x6', '1,5', '8761', '\x1b[2J'])(
    'a check period of %j is refused, with what was expected and what it got',
    async (value) => {
      const { exitCode, stdout, stderr } = await run(
        'config',
        '-s',
        `BackupCheckPeriodInHours=${value}`,
      );
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toBe(
        'backup-awareness: BackupCheckPeriodInHours: expected a plain decimal number of hours, at least one second (0.000278), ' +
          `at most 8760, or -1 to disable the feature, got ${JSON.stringify(value)}\n`,
      );
      expect(await outbox()).toEqual([]);
    },
  );

  test.each([
    ['-s', 'BackupCheckPeriodInHour=6'],
    ['-g', 'backupcheckperiodinhours'],
  ])(
    '%s with an unknown key is refused, with the valid keys and the nearest one',
    async (option, argument) => {
      const { exitCode, stderr } = await run('config', option, argument);
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(
        /^backup-awareness: unknown setting ".*"; valid settings: BackupCheckPeriodInHours, BackupAlertPeriodInDays, BackupStuckAfterInHours, BackupExcludedTables, BackupExcludeMode, EngineRegistrationMax, BackupLogRetentionInDays, AuditLogRetentionInDays; did you mean BackupCheckPeriodInHours\?\n$/,
      );
    },
  );

  test.each([
    [[], 'got none'],
    [['-l', '-a'], 'got 2'],
    [['-s', 'BackupExcludeMode'], 'expected KEY=VALUE'],
    [['-s', 'BackupExcludeMode=data', '-s', 'BackupExcludeMode=table'], 'more than once'],
    [['-g'], 'argument missing'],
    [['-x'], "unknown option '-x'"],
  ])('%j is wrong use', async (args, message) => {
    const { exitCode, stderr } = await run('config', ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^backup-awareness: [^\n]*\n$/);
    expect(stderr).toContain(message);
  });
});

describe('engines', () => {
  test('an engine is added, given its own alert period, and retired', async () => {
    const fqdn = 'one.example.com';
    expect((await run('engines', 'add', 'One.Example.com.')).stdout).toBe(
      `${fqdn} is now monitored.\n`,
    );
    expect((await run('engines', 'add', fqdn)).stdout).toContain('already monitored');
    const set = await run('engines', 'set', fqdn, '--alert-period-days', '2.5', '--json');
    expect(JSON.parse(set.stdout)).toEqual({ outcome: 'changed', fqdn, from: null, to: '2.5' });
    expect((await run('engines', 'list')).stdout).toMatch(
      /one\.example\.com +\d.* 2 days and 12 hours \(its own\)/,
    );
    expect((await run('engines', 'set', fqdn, '--alert-period', 'default')).stdout).toContain(
      '(was 2 days and 12 hours)',
    );
    expect((await run('engines', 'retire', fqdn)).exitCode).toBe(0);
    expect((await run('engines', 'retire', fqdn)).stdout).toContain('already retired');
    const [listed] = JSON.parse((await run('engines', 'list', '--json')).stdout);
    expect(listed).toMatchObject({ fqdn, watched: false, alert_period_is_own: false });
    expect((await run('engines', 'add', fqdn)).stdout).toContain('monitored again');
    expect((await outbox()).map(({ name }) => name)).toEqual([
      'EngineAdded',
      'SettingChanged',
      'SettingChanged',
      'EngineRetired',
      'EngineAdded',
    ]);
  });

  test.each([
    [['add', 'two words'], 'fqdn: expected a host name'],
    [['add', '--', '-cmd.example.com'], 'none of which begins or ends with a hyphen'],
    [['add', 'a..b'], 'none of which begins or ends with a hyphen'],
    [['add', 'a-.b'], 'none of which begins or ends with a hyphen'],
    [['add', `${'a'.repeat(64)}.example.com`], 'none of which begins or ends with a hyphen'],
    [
      ['set', 'one.example.com', '--alert-period-days', '-1'],
      '--alert-period-days: expected a plain decimal',
    ],
    [['set', 'one.example.com', '--alert-period', ''], 'or "default", got ""'],
    [['set', 'one.example.com'], 'expected either --alert-period-days DAYS or --no-broker-user'],
    [
      ['set', 'one.example.com', '--alert-period', '1', '--alert-period-days', '1'],
      'expected only one',
    ],
    [['set', 'on.example.com', '--alert-period', '1'], 'did you mean one.example.com?'],
    [['retire', 'nowhere'], 'unknown engine "nowhere"'],
    [['ad', 'x'], 'did you mean add?'],
    [[], 'missing command; valid commands: list, add, import, set, retire'],
    [['add', 'a.example.com', '--alert-period-days', '0'], '--alert-period-days: expected a plain'],
    [
      ['add', 'a.example.com', 'b.example.com', '--broker-user', 'x'],
      'expected one FQDN together with --broker-user, got 2',
    ],
    [['list', '--limit', '0'], '--limit: expected a whole number from 1'],
  ])('%j is refused', async (args, message) => {
    await run('engines', 'add', 'one.example.com');
    const { exitCode, stderr } = await run('engines', ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/^backup-awareness: [^\n]*\n$/);
    expect(stderr).toContain(message);
  });
});

describe('who', () => {
  test('without --by it is the user who called sudo', async () => {
    const environment = { DATABASE_URL: database.ownerUrl, SUDO_USER: 'carol' };
    await runCommand(['engines', 'add', 'who.example.com'], environment);
    expect(await outbox()).toMatchObject([{ name: 'EngineAdded', data: { who: 'carol' } }]);
  });
});
