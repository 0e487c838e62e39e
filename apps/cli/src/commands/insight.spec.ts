import { logReports } from '@backup-awareness/database';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';
const ALERT_ID = '01900000-0000-7000-8000-000000000001';

let database: TestDatabase;
beforeEach(async () => {
  database = await createTestDatabase();
});
afterEach(() => database?.drop());

const run = (...args: string[]) => runCommand(args, { DATABASE_URL: database.ownerUrl });
const sql = (statement: string, parameters: unknown[] = []) =>
  database.owner.query(statement, parameters);

async function monitor(ageHours: number | null, scopes = ['db', 'files']): Promise<void> {
  await sql("INSERT INTO engine (fqdn, watched_since) VALUES ($1, now() - interval '9 days')", [
    FQDN,
  ]);
  if (ageHours === null) return;
  const doneAt = new Date(Date.now() - ageHours * 3_600_000).toISOString();
  await logReports(
    database.owner,
    scopes.map((scope) => exampleReport({ fqdn: FQDN, scope, doneAt })),
  );
}

const check = () => sql('UPDATE checker_state SET last_check_at = now(), engines = 1');

async function raise(message = 'it has no full backup'): Promise<void> {
  await sql(
    `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
     VALUES ($1, 'ENGINE_NO_FULL_BACKUP', $2, now() - interval '2 hours', now(), 1, 1, $3)`,
    [ALERT_ID, FQDN, message],
  );
}

describe('check', () => {
  const exitCode = async () => (await run('check')).exitCode;

  test('0 while every engine has a fresh full backup, with figures in the format of Nagios', async () => {
    await monitor(5);
    await check();
    const { exitCode, stdout, stderr } = await run('check');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(
      /^BACKUP OK - 1 engine has a fresh full backup, the oldest is .*5 h.* old \| engines=1;;;0 fresh=1;;;0 .*\n$/,
    );
    const document = JSON.parse((await run('check', '--json')).stdout);
    expect(document).toMatchObject({
      state: 'OK',
      exit_code: 0,
      figures: { engines: 1, alerts: 0 },
    });
  });

  test('1 when an event was set aside', async () => {
    await monitor(5);
    await check();
    await run('engines', 'add', 'other.example.com');
    await run('engines', 'retire', 'other.example.com');
    await sql('UPDATE outbox SET set_aside_at = now()');
    const { exitCode, stdout } = await run('check');
    expect(exitCode).toBe(1);
    expect(stdout).toContain('BACKUP WARNING - 2 events set aside, which could not be published');
  });

  test('2 while an alert is active, even if dismissed', async () => {
    await monitor(null);
    await check();
    await raise();
    expect(await exitCode()).toBe(2);
    await run('alerts', 'dismiss', ALERT_ID, '--comment', 'known');
    const { exitCode: after, stdout } = await run('check');
    expect(after).toBe(2);
    expect(stdout).toContain('(dismissed)');
  });

  test('3 while disabled, never checked or overdue', async () => {
    await monitor(5);
    expect((await run('check')).stdout).toContain('BACKUP UNKNOWN - no check has been made yet');
    expect(await exitCode()).toBe(3);
    await check();
    expect(await exitCode()).toBe(0);
    await sql(`UPDATE checker_state SET last_check_at = now() - interval '7 hours'`);
    expect(await exitCode()).toBe(3);
    await check();
    await run('config', '-s', 'BackupCheckPeriodInHours=-1');
    expect((await run('check')).stdout).toContain('BACKUP UNKNOWN - the feature is disabled');
    expect(await exitCode()).toBe(3);
  });

  test('3 with one line on standard output when nothing can be read', async () => {
    const unreachable = { DATABASE_URL: 'postgres://u:secret@127.0.0.1:1/db' };
    for (const [args, environment] of [
      [['check'], unreachable],
      [['check'], { RUN_DIR: '/nowhere' }],
      [['check', '--no-such-option'], unreachable],
    ] as const) {
      const { exitCode, stdout, stderr } = await runCommand(args, environment);
      expect({ exitCode, stderr }).toEqual({ exitCode: 3, stderr: '' });
      expect(stdout).toMatch(/^BACKUP UNKNOWN - [^\n]+\n$/);
      expect(stdout).not.toContain('secret');
    }
  });
});

async function listen(server: Server): Promise<{ url: string; close(): void }> {
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

describe('status', () => {
  test('shows engines, checks and pending events', async () => {
    await monitor(30);
    await check();
    await run('engines', 'set', FQDN, '--alert-period', '1');
    const { exitCode, stdout } = await run('status');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Checks +every 6 hours; maximum age of a full backup: 1 day$/m);
    expect(stdout).toMatch(
      /^Last check +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d \+00:00 \(.* ago\): 1 engine, no alerts raised, none cleared$/m,
    );
    expect(stdout).toMatch(/^Next check .*\(in 5 h 59 min/m);
    expect(stdout).toMatch(/^Outbox +1 event pending, 0 set aside$/m);
    expect(stdout).toMatch(/^engine\.example\.com +\d.* too old for .* 1 day \(its own\) +none$/m);
    const document = JSON.parse((await run('status', '--json')).stdout);
    expect(document).toMatchObject({
      enabled: true,
      checks: 'in_time',
      engines: [
        { fqdn: FQDN, verdict: 'too_old', alert_period_days: 1, alert_period_is_own: true },
      ],
      outbox: { waiting: 1, set_aside: 0 },
      broker: null,
      services: null,
    });
    expect(document.engines[0].age_seconds).toBeGreaterThanOrEqual(30 * 3_600);
  });

  test('shows which services of endpoints.json are not ready, and that the broker is unreachable', async () => {
    await monitor(5);
    const service = await listen(
      createServer((_request, response) => {
        response
          .writeHead(503)
          .end('{"status":"not ready","checks":{"database":"database: gone","broker":"ok"}}');
      }),
    );
    const gone = await listen(createServer());
    const services = { ingest: { pid: 1, url: service.url }, audit: { pid: 2, url: gone.url } };
    gone.close();
    const folder = mkdtempSync(join(tmpdir(), 'cli-'));
    const amqpUrl = 'amqp://admin:secret@127.0.0.1:1/%2F';
    const endpoints = { amqpUrl, databaseUrl: database.ownerUrl, services };
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
    const { exitCode, stdout } = await runCommand(['status'], { RUN_DIR: folder });
    service.close();
    rmSync(folder, { recursive: true });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^Services +ingest is not ready: database: gone$/m);
    expect(stdout).toMatch(/^ +audit is not ready: no answer: .*ECONNREFUSED/m);
    expect(stdout).toMatch(/^Broker +cannot reach the broker at 127\.0\.0\.1:1: .*ECONNREFUSED/m);
    expect(stdout).not.toContain('secret');
  });

  test('says what to do when nothing is running', async () => {
    const { exitCode, stdout, stderr } = await runCommand(['status'], { RUN_DIR: '/nowhere' });
    expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
    expect(stderr).toBe(
      'backup-awareness: nothing is running: there is no endpoints.json in /nowhere; start with npm start, or set DATABASE_URL and AMQP_URL, or RUN_DIR\n',
    );
  });
});

describe('explain', () => {
  test('shows facts, decision and reason, and the latest reports', async () => {
    await monitor(5, ['files']);
    await logReports(database.owner, [
      exampleReport({ fqdn: FQDN, isPassed: false, outputMessage: 'disk\nfull' }),
    ]);
    await check();
    const { exitCode, stdout } = await run('explain', 'ENGINE.example.com');
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      'There is no full backup: no completed backup of db has been reported; monitored for 9 d.\n',
    );
    expect(stdout).toContain('An alert is due: there is no full backup, and the check of ');
    expect(stdout).toMatch(/^Current decision +raised \(no_full_backup\)$/m);
    expect(stdout).toMatch(/ db +failed +disk\\nfull$/m);
    const document = JSON.parse((await run('explain', FQDN, '--json')).stdout);
    expect(document).toMatchObject({
      fqdn: FQDN,
      reason: 'no_full_backup',
      last_db_success_at: null,
    });
    expect(document.latest_reports).toHaveLength(2);
  });

  test('an unknown engine is refused, with the nearest name', async () => {
    await monitor(null);
    const { exitCode, stderr } = await run('explain', 'engine.exmple.com');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('did you mean engine.example.com?');
  });
});

describe('alerts', () => {
  test('--json is the array of the contract', async () => {
    await monitor(null);
    await raise();
    const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const listed = {
      alert_id: ALERT_ID,
      alert: 'ENGINE_NO_FULL_BACKUP',
      fqdn: FQDN,
      active: true,
      since: at,
      raised_at: at,
      cleared_at: null,
      reason: null,
      dismissed_at: null,
      dismissed_by: null,
      dismissed_until: null,
      dismissal_comment: null,
      sequence: 1,
      message: 'it has no full backup',
    };
    expect(JSON.parse((await run('alerts', 'list', '--json')).stdout)).toEqual([listed]);
    const dismiss = (...more: string[]) =>
      run('alerts', 'dismiss', ALERT_ID, '--comment', 'moves to the new site', ...more);
    expect((await dismiss('--by', 'ann')).exitCode).toBe(0);
    expect(JSON.parse((await run('alerts', 'list', '--json')).stdout)).toEqual([]);
    expect(JSON.parse((await run('alerts', 'list', '--all', '--json')).stdout)).toEqual([
      {
        ...listed,
        dismissed_at: at,
        dismissed_by: 'ann',
        dismissal_comment: 'moves to the new site',
      },
    ]);
    expect((await run('alerts', 'list')).stdout).toContain(
      '1 active alert is dismissed and not shown',
    );
    expect((await run('alerts', 'list', '--all')).stdout).toMatch(
      / active, dismissed by ann at .*: moves to the new site /,
    );
    expect((await dismiss()).stdout).toContain('already dismissed by ann');
    expect((await dismiss('--until', '2h')).stdout).toMatch(/is dismissed by .+ until /);
    expect(JSON.parse((await run('alerts', 'list', '--all', '--json')).stdout)).toMatchObject([
      { dismissed_until: at },
    ]);
  });

  test.each([
    [[], '--comment <TEXT>'],
    [['--comment', ''], 'comment: expected a reason in one line of at most 1000 characters'],
    [['--comment', 'known', '--until', 'soon'], '--until: expected a date and time'],
    [['--comment', 'known', '--until', '2020-01-01'], 'until: expected an instant after'],
  ])('are not dismissed with %j', async (args, message) => {
    await monitor(null);
    await raise();
    const { exitCode, stderr } = await run('alerts', 'dismiss', ALERT_ID, ...args);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(message);
  });

  test.each(['x', '01900000-0000-7000-8000-000000000009'])(
    'dismissing %s is refused',
    async (id) => {
      const { exitCode, stderr } = await run('alerts', 'dismiss', id, '--comment', 'known');
      expect(exitCode).toBe(2);
      expect(stderr).toMatch(/^backup-awareness: alert_id: expected [^\n]*\n$/);
    },
  );

  test('text of an alert or an engine host cannot control the terminal', async () => {
    await monitor(null);
    await raise('\x1b[2J\x9b31mevil\nsecond\u202e');
    for (const args of [
      ['alerts', 'list'],
      ['status'],
      ['explain', FQDN],
      ['alerts', 'list', '--json'],
    ]) {
      const { stdout } = await run(...args);
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
    }
    expect((await run('alerts', 'list')).stdout).toContain(
      '\\x1b[2J\\x9b31mevil\\nsecond\\u202e\n',
    );
  });
});
