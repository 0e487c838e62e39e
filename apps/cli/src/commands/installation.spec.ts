import { createEmptyDatabase, createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { spawnSync } from 'node:child_process';
import { runCommand } from '../spec/run-command.js';

const UNREACHABLE_DATABASE = 'postgres://u:secret@127.0.0.1:1/db';

test.each([
  [['status']],
  [['config', '-a']],
  [['config', '-s', 'BackupCheckPeriodInHours=5']],
  [['engines', 'add', 'engine.example.com']],
  [['alerts', 'list']],
  [['audit', '--follow']],
  [['explain', 'engine.example.com']],
])('%j ends with 3 and one line if the database does not answer', async (args) => {
  const { exitCode, stdout, stderr } = await runCommand(args, {
    DATABASE_URL: UNREACHABLE_DATABASE,
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toBe(
    'backup-awareness: cannot reach the database at 127.0.0.1:1/db: connect ECONNREFUSED 127.0.0.1:1\n',
  );
});

test.each([
  [['topology', 'apply'], 'amqp://u:secret@127.0.0.1:1'],
  [['topology', 'verify'], 'amqp://u:secret@127.0.0.1:1'],
])('%j ends with 3 and one line if the broker does not answer', async (args, AMQP_URL) => {
  const { exitCode, stderr } = await runCommand(args, { AMQP_URL });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/^backup-awareness: cannot reach the broker at 127\.0\.0\.1:1: [^\n]*\n$/);
  expect(stderr).not.toContain('secret');
});

describe('database', () => {
  let empty: Awaited<ReturnType<typeof createEmptyDatabase>>;
  beforeEach(async () => {
    empty = await createEmptyDatabase();
  });
  afterEach(() => empty?.drop());

  const passwords = {
    INGEST_DATABASE_PASSWORD: 'secret-1',
    CHECKER_DATABASE_PASSWORD: 'secret-2',
    AUDIT_DATABASE_PASSWORD: 'secret-3',
  };

  test('apply creates schema and roles, and changes nothing the second time', async () => {
    const environment = { DATABASE_URL: empty.url, ...passwords };
    for (const _time of ['first', 'second']) {
      const { exitCode, stdout, stderr } = await runCommand(['database', 'apply'], environment);
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      expect(stdout).toMatch(
        /^The schema of test_\w+ is up to date\.\nIts roles are set up: test_/,
      );
      expect(stdout).not.toContain('secret');
    }
    const role = new URL(empty.url);
    role.username = `${role.pathname.slice(1)}_checker`;
    role.password = 'secret-2';
    expect((await runCommand(['config', '-a'], { DATABASE_URL: role.href })).exitCode).toBe(0);
  });

  test('apply lets reader, notifier and console log in if they have a password, and works without one', async () => {
    const environment = { DATABASE_URL: empty.url, ...passwords };
    const apply = (more: NodeJS.ProcessEnv) =>
      runCommand(['database', 'apply'], { ...environment, ...more });
    const reader = new URL(empty.url);
    reader.username = `${reader.pathname.slice(1)}_reader`;
    reader.password = 'secret-4';
    const readAsReader = () => runCommand(['alerts', 'list'], { DATABASE_URL: reader.href });
    const without = await apply({});
    expect(without.exitCode).toBe(0);
    expect(without.stdout).toMatch(
      /_notifier cannot log in: NOTIFIER_DATABASE_PASSWORD is not set\.\n.*_console cannot log in: CONSOLE_DATABASE_PASSWORD is not set\.\n.*_reader cannot log in: READER_DATABASE_PASSWORD is not set\.\n$/,
    );
    expect((await readAsReader()).exitCode).not.toBe(0);
    const given = await apply({
      READER_DATABASE_PASSWORD: 'secret-4',
      NOTIFIER_DATABASE_PASSWORD: 'secret-5',
      CONSOLE_DATABASE_PASSWORD: 'secret-6',
    });
    expect(given.exitCode).toBe(0);
    expect(given.stdout).not.toMatch(/cannot log in|secret/);
    expect(await readAsReader()).toMatchObject({ exitCode: 0, stderr: '' });
  });

  test('apply names every missing password', async () => {
    const { exitCode, stderr } = await runCommand(['database', 'apply'], {
      DATABASE_URL: empty.url,
      INGEST_DATABASE_PASSWORD: 'x',
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('CHECKER_DATABASE_PASSWORD, AUDIT_DATABASE_PASSWORD');
  });

  test('without a schema the error says how to get one', async () => {
    const { exitCode, stderr } = await runCommand(['status'], { DATABASE_URL: empty.url });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /lacks a table .*: run backup-awareness database apply, or npm start\n$/,
    );
  });
});

describe('topology', () => {
  let broker: TestBroker;
  beforeEach(async () => {
    broker = await createTestBroker();
  });
  afterEach(() => broker?.drop());

  test('apply declares it with the users, and verify says what is missing', async () => {
    const AMQP_URL = broker.amqpUrl;
    // Users belong to the whole broker: other specs keep using the same passwords.
    const passwordOf = (user: Parameters<typeof broker.urlOf>[0]) =>
      new URL(broker.urlOf(user)).password;
    const passwords = {
      INGEST_AMQP_PASSWORD: passwordOf('ingest'),
      INGEST_SETTINGS_AMQP_PASSWORD: passwordOf('ingest-settings'),
      FRESHNESS_CHECKER_AMQP_PASSWORD: passwordOf('freshness-checker'),
      AUDIT_AMQP_PASSWORD: passwordOf('audit'),
      ACTIVE_ALERTS_AMQP_PASSWORD: passwordOf('active-alerts'),
      REPLAY_AMQP_PASSWORD: passwordOf('replay'),
      MONITOR_AMQP_PASSWORD: passwordOf('monitor'),
    };
    expect((await runCommand(['topology', 'verify'], { AMQP_URL })).exitCode).toBe(0);
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `queues/${at}/backup-awareness.ingest`);
    const lacking = await runCommand(['topology', 'verify'], { AMQP_URL });
    expect(lacking).toMatchObject({ exitCode: 1, stdout: '' });
    expect(lacking.stderr).toContain('the broker lacks queue backup-awareness.ingest: run');
    const json = await runCommand(['topology', 'verify', '--json'], { AMQP_URL });
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toEqual({
      complete: false,
      missing: ['queue backup-awareness.ingest'],
      compared: false,
      users_compared: false,
      differences: [],
      warnings: [],
    });

    const arguments_ = ['topology', 'apply', '--management-url', broker.managementUrl];
    const refused = await runCommand(arguments_, { AMQP_URL });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('INGEST_AMQP_PASSWORD, INGEST_SETTINGS_AMQP_PASSWORD');
    const applied = await runCommand(arguments_, { AMQP_URL, ...passwords });
    expect(applied).toMatchObject({ exitCode: 0, stderr: '' });
    expect(applied.stdout).toContain(
      'Set up the users ingest, ingest-settings, freshness-checker, active-alerts, audit, replay, monitor',
    );
    expect((await runCommand(['topology', 'verify'], { AMQP_URL })).stdout).toContain('exist.');
  });

  test('verify compares everything by the management API, and apply mends it', async () => {
    const environment = { AMQP_URL: broker.amqpUrl, AMQP_MANAGEMENT_URL: broker.managementUrl };
    const right = await runCommand(['topology', 'verify'], environment);
    expect(right).toMatchObject({ exitCode: 0, stderr: '' });
    expect(right.stdout).toContain('bindings, policies and users are as required.');
    const at = encodeURIComponent(broker.vhost);
    await broker.api(
      'DELETE',
      `bindings/${at}/e/ovirt.engine-backup/q/backup-awareness.ingest/ENGINE_BACKUP_COMPLETED.%23`,
    );
    const what =
      'binding ENGINE_BACKUP_COMPLETED.# of ovirt.engine-backup to backup-awareness.ingest';
    const wrong = await runCommand(['topology', 'verify'], environment);
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
    expect(wrong.stderr).toContain(
      `the broker differs: ${what}: expected to exist, got none (backup-awareness topology apply)`,
    );
    const json = await runCommand(['topology', 'verify', '--json'], environment);
    expect(JSON.parse(json.stdout)).toMatchObject({
      complete: false,
      compared: true,
      differences: [{ what, expected: 'to exist', got: 'none' }],
    });
    expect((await runCommand(['topology', 'apply'], { AMQP_URL: broker.amqpUrl })).exitCode).toBe(
      0,
    );
    expect((await runCommand(['topology', 'verify'], environment)).exitCode).toBe(0);
  });
});

describe('the command itself', () => {
  const command = resolve('bin/backup-awareness.js');

  test('every command has --help', async () => {
    const { stdout } = await runCommand(['--help']);
    expect(stdout).toContain('RUN_DIR/endpoints.json');
    for (const args of [
      ['status'],
      ['check'],
      ['explain'],
      ['config'],
      ['audit'],
      ['engines', 'set'],
    ]) {
      const help = await runCommand([...args, '--help']);
      expect(help).toMatchObject({ exitCode: 0, stderr: '' });
      expect(help.stdout).toContain('--json');
    }
  });

  test.each([[['no-such-command']], [['--no-such-option']], [['status', 'too', 'many']]])(
    '%j is wrong use',
    async (args) => {
      const { exitCode, stdout, stderr } = await runCommand(args);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toMatch(/^backup-awareness: [^\n]+\n$/);
    },
  );

  test('wrong input is shown without controlling the terminal', async () => {
    const { stderr } = await runCommand(['\x1b[2J']);
    expect(stderr).not.toContain('\x1b');
  });

  test('before it is built it says in one line what to run', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    cpSync(command, join(folder, 'bin', 'backup-awareness.js'));
    writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
    const { status, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'bin', 'backup-awareness.js')],
      {
        encoding: 'utf8',
      },
    );
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /^backup-awareness: not built yet[^\n]*npm run build, or npm start[^\n]*\n$/,
    );
    rmSync(folder, { recursive: true });
  });

  test('called through a link it finds the checkout that holds it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    symlinkSync(command, join(folder, 'backup-awareness'));
    mkdirSync(join(folder, '.run'));
    writeFileSync(
      join(folder, '.run', 'endpoints.json'),
      JSON.stringify({ databaseUrl: UNREACHABLE_DATABASE, amqpUrl: 'amqp://127.0.0.1:1/%2F' }),
    );
    const call = (cwd: string) =>
      spawnSync(process.execPath, [join(folder, 'backup-awareness'), 'config', '-a'], {
        cwd,
        encoding: 'utf8',
        env: {},
      });
    expect(call(folder).stderr).toContain('cannot reach the database at 127.0.0.1:1/db');
    expect(call(tmpdir()).stderr).not.toContain('127.0.0.1:1/db');
    rmSync(folder, { recursive: true });
  });
});
