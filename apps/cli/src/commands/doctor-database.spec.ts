import { logReports } from '@backup-awareness/database';
import { roleName } from '@backup-awareness/database/schema';
import { createTcpProxy, exampleReport } from '@backup-awareness/testing';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createExaminedInstallation,
  FQDN,
  type ExaminedInstallation,
} from '../spec/examined-installation.js';
import { runCommand } from '../spec/run-command.js';

const HOUR_MS = 3_600_000;

let installation: ExaminedInstallation;
beforeEach(async () => {
  installation = await createExaminedInstallation();
});
afterEach(() => installation?.drop());

const sql = (statement: string, parameters?: readonly unknown[]) =>
  installation.sql(statement, parameters);
const role = (of: Parameters<typeof roleName>[1]) =>
  roleName(new URL(installation.database.ownerUrl).pathname.slice(1), of);

/** That the doctor finds only this wrong, and after its remedy nothing. */
async function isHealed(name: string, detail: string, state = 'failed'): Promise<void> {
  const broken = await installation.doctor();
  expect(broken.check(name)).toMatchObject({ state, detail: expect.stringContaining(detail) });
  expect(broken.wrong).toEqual([name]);
  expect(broken.exitCode).toBe(state === 'failed' ? 1 : 0);
  await installation.runRemedy(broken.check(name));
  expect((await installation.doctor()).check(name).state).toBe('ok');
}

test('given that all is well, every check that can look is ok', async () => {
  const { exitCode, healthy, checks } = await installation.doctor();
  expect(checks.map(({ name }) => name).join(' ')).toBe(
    'database migrations roles clock broker topology bindings users permissions policies services last-check lag outbox dead-letters ' +
      'unrouted tls-expiry broker-alarms disk reporters versions notifications',
  );
  const others = checks.filter(({ state }) => state !== 'ok');
  expect(others.map(({ name, state }) => [name, state])).toEqual([['notifications', 'skipped']]);
  expect(checks.filter(({ remedy }) => remedy !== null)).toEqual([]);
  expect({ exitCode, healthy }).toEqual({ exitCode: 0, healthy: true });
});

test('given that migrations are missing, when their remedy was run, they are applied', async () => {
  // Down to that of the incarnation, which everything about the state of the product reads.
  const { owner } = installation.database;
  const hasIncarnation = async () =>
    (await owner.query(`SELECT to_regclass('incarnation') IS NOT NULL AS it`))[0].it as boolean;
  while (await hasIncarnation()) await owner.undoLastMigration();
  const broken = await installation.doctor();
  expect(broken.check('migrations')).toMatchObject({
    state: 'failed',
    remedy: 'backup-awareness database apply',
  });
  expect(broken.check('clock').state).toBe('skipped');
  expect(broken.healthy).toBe(false);
  await installation.runRemedy(broken.check('migrations'));
  expect((await installation.doctor()).wrong).toEqual([]);
});

test('given that a right was revoked, when its remedy was run, the role has it again', async () => {
  await sql(`REVOKE SELECT ON engine FROM ${role('checker')}`);
  await isHealed('roles', `${role('checker')} lacks SELECT on engine`);
});

test('given that a role has another password, when its remedy was run, its service can log in', async () => {
  await sql(`ALTER ROLE ${role('audit')} PASSWORD 'other'`);
  await isHealed('roles', `${role('audit')} cannot log in`);
});

test('given that a role’s sessions only read, when its remedy was run, they write', async () => {
  await sql(`ALTER ROLE ${role('ingest')} SET default_transaction_read_only = on`);
  await isHealed('roles', `sessions of ${role('ingest')} are read-only`);
});

test('given a database that only reads, the doctor says what sets it so', async () => {
  const name = new URL(installation.database.ownerUrl).pathname.slice(1);
  await sql(`ALTER DATABASE ${name} SET default_transaction_read_only = on`);
  const { check } = await installation.doctor();
  expect(check('database')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining(`the same for DATABASE ${name}`),
  });
});

test('given that nothing answers where the database should be, the other checks do', async () => {
  installation.point({ databaseUrl: 'postgres://owner:secret@127.0.0.1:1/x' });
  const { check, wrong, exitCode } = await installation.doctor();
  expect(check('database')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('cannot reach the database at 127.0.0.1:1/x'),
    remedy: expect.stringContaining('start PostgreSQL'),
  });
  expect(wrong).toEqual(['database']);
  for (const name of ['migrations', 'roles', 'clock', 'last-check', 'outbox', 'versions'])
    expect(check(name)).toMatchObject({
      state: 'skipped',
      detail: expect.stringContaining('PostgreSQL cannot be reached'),
    });
  for (const name of ['broker', 'bindings', 'lag']) expect(check(name).state).toBe('ok');
  expect(exitCode).toBe(1);
});

test('given servers that accept and never answer, the doctor ends, and says so', async () => {
  const { broker, database } = installation;
  const [toDatabase, toBroker] = await Promise.all(
    [database.ownerUrl, broker.amqpUrl].map((url) => createTcpProxy(url)),
  );
  try {
    toDatabase!.hang();
    toBroker!.hang();
    installation.point({
      databaseUrl: toDatabase!.urlThrough(database.ownerUrl),
      amqpUrl: toBroker!.urlThrough(broker.amqpUrl),
    });
    const { wrong, exitCode } = await installation.doctor();
    expect({ wrong, exitCode }).toEqual({ wrong: ['database', 'broker'], exitCode: 1 });
  } finally {
    await Promise.all([toDatabase!.close(), toBroker!.close()]);
  }
});

test('given a clock of this machine that is an hour off, the doctor says by how much', async () => {
  const shifted = {
    NODE_OPTIONS: `--import=${pathToFileURL(resolve('src/spec/shifted-clock.mjs')).href}`,
    CLOCK_SHIFT_MS: String(HOUR_MS),
  };
  const { check, wrong } = await installation.doctor(shifted);
  expect(check('clock')).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(/clock of the database is (1 h|59 min).* behind/),
    remedy: expect.stringContaining('correct the clock that is wrong'),
  });
  expect(wrong).toEqual(['clock']);
  expect((await installation.doctor()).check('clock').state).toBe('ok');
});

test('given a clock that was set back, when it is accepted, the clock is fine', async () => {
  await sql(`UPDATE checker_state SET latest_now_at = now() + interval '36 hours'`);
  const { check, wrong } = await installation.doctor();
  expect(check('clock').remedy).toContain('backup-awareness clock accept --comment TEXT');
  expect(wrong).toEqual(['clock']);
  const accept = "backup-awareness clock accept --comment 'it was wrong'";
  await installation.runRemedy({ ...check('clock'), remedy: accept });
  expect((await installation.doctor()).check('clock').state).toBe('ok');
});

test('given that checks are disabled, when its remedy was run, they are made again', async () => {
  await sql(
    `UPDATE vdc_options SET option_value = '-1' WHERE option_name = 'BackupCheckPeriodInHours'`,
  );
  await isHealed('last-check', 'the feature is disabled', 'warning');
});

test('given a setting that cannot be read, when its remedy was run, it has its default', async () => {
  await sql(
    `UPDATE vdc_options SET option_value = 'soon' WHERE option_name = 'BackupAlertPeriodInDays'`,
  );
  await isHealed('last-check', 'BackupAlertPeriodInDays: expected');
});

test('given that no check was made in time, the doctor names who makes them', async () => {
  await sql(`UPDATE checker_state SET last_check_at = now() - interval '7 hours'`);
  const { check, wrong } = await installation.doctor();
  expect(check('last-check').remedy).toContain('freshness-checker');
  expect(wrong).toEqual(['last-check']);
});

test('given an event that was set aside, when its remedy was run, it is published again', async () => {
  await sql(
    `INSERT INTO outbox (event_id, name, exchange, routing_key, source, subject, time, data, attempts, set_aside_at)
     VALUES ('it''s one', 'X', 'ovirt.backup-administration', 'X', '/s', 's', now(), '{}', 10, now())`,
  );
  await isHealed('outbox', '1 event set aside');
});

test('given a destination that cannot be told, the doctor says since when', async () => {
  await sql(
    `INSERT INTO notification_destination (destination, seen_at, failing_since, last_error)
     VALUES ('mail', now(), now() - interval '1 hour', 'the server refuses')`,
  );
  const { check, wrong } = await installation.doctor();
  expect(check('notifications')).toMatchObject({
    state: 'failed',
    detail: expect.stringContaining('the server refuses'),
  });
  expect(wrong).toEqual(['notifications']);
  await sql('UPDATE notification_destination SET failing_since = NULL');
  expect((await installation.doctor()).check('notifications').state).toBe('ok');
});

test('given a destination that no notifier serves any longer, the doctor names it, and status shows it', async () => {
  await sql(
    `INSERT INTO notification_destination (destination, seen_at) VALUES ('mail', now() - interval '6 minutes')`,
  );
  const { check, wrong } = await installation.doctor();
  expect(check('notifications')).toMatchObject({
    state: 'failed',
    detail: expect.stringMatching(/^no notifier runs: mail has not been served since /),
    remedy: expect.stringContaining('start its notifier'),
  });
  expect(wrong).toEqual(['notifications']);
  const status = await runCommand(['status'], { RUN_DIR: installation.folder });
  expect(status.stdout).toContain('no notifier runs: mail has not been served since');
  await sql('UPDATE notification_destination SET seen_at = now()');
  expect((await installation.doctor()).check('notifications').state).toBe('ok');
});

test('given a destination that no notifier serves any longer, when it was forgotten, the doctor is content', async () => {
  const seen = (destination: string, before: string) =>
    sql(
      `INSERT INTO notification_destination (destination, seen_at) VALUES ($1, now() - $2::interval)`,
      [destination, before],
    );
  const forget = (name: string) =>
    runCommand(['destinations', 'forget', name], { RUN_DIR: installation.folder });
  await seen('mail', '6 minutes');
  await seen('webhook', '10 seconds');
  const { check } = await installation.doctor();
  expect(check('notifications').remedy).toContain('backup-awareness destinations forget NAME');
  expect(await forget('Mail')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('expected one of mail, webhook, got "Mail"'),
  });
  expect(await forget('webhook')).toMatchObject({
    exitCode: 2,
    stderr: expect.stringMatching(
      /no notifier has served for two minutes .*, got webhook, last served at /,
    ),
  });
  expect(await forget('mail')).toMatchObject({ exitCode: 0, stdout: 'mail is forgotten.\n' });
  expect((await installation.doctor()).check('notifications')).toMatchObject({
    state: 'ok',
    detail: expect.stringContaining('webhook'),
  });
});

test('given a report that audit has and ingest lacks, when it waited for more than a minute, the doctor names it until it is stored', async () => {
  const eventId = randomUUID();
  const recorded = (ago: string, id: string, name: string) =>
    sql(
      `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, event_id, event_name, custom_data, recorded_at)
       VALUES (now() - $1::interval, $3, 0, 0, 'm', '/ovirt/engines/e', $4, $2, $3, '{}', now() - $1::interval)`,
      [ago, id, name, FQDN],
    );
  await recorded('10 seconds', randomUUID(), 'ENGINE_BACKUP_COMPLETED');
  await recorded('2 days', randomUUID(), 'ENGINE_BACKUP_COMPLETED');
  await recorded('2 minutes', randomUUID(), 'EngineAdded');
  expect((await installation.doctor()).wrong).toEqual([]);
  await recorded('2 minutes', eventId, 'ENGINE_BACKUP_COMPLETED');
  const { check, wrong } = await installation.doctor();
  expect(wrong).toEqual(['lag']);
  expect(check('lag')).toMatchObject({
    state: 'warning',
    detail: expect.stringContaining(`${FQDN}: 1, the latest ${eventId}`),
    remedy: expect.stringContaining('engine-backup-shim log-event'),
  });
  await logReports(installation.database.owner, [exampleReport({ fqdn: FQDN, eventId })]);
  expect((await installation.doctor()).wrong).toEqual([]);
});

describe('reporters', () => {
  const report = (fields: Parameters<typeof exampleReport>[0]) =>
    logReports(installation.database.owner, [exampleReport({ fqdn: FQDN, ...fields })]);
  const at = (offsetMs: number) => new Date(Date.now() + offsetMs).toISOString();

  test('given an engine that never reported, it is named until it does', async () => {
    await sql(`INSERT INTO engine (fqdn) VALUES ('silent.example.com')`);
    const { check } = await installation.doctor();
    expect(check('reporters')).toMatchObject({
      state: 'warning',
      detail: 'no report ever came from silent.example.com',
      remedy: 'on silent.example.com, run engine-backup-shim install',
    });
    await report({ fqdn: 'silent.example.com', doneAt: at(0) });
    expect((await installation.doctor()).check('reporters').state).toBe('ok');
  });

  test.each([
    ['ahead', HOUR_MS, 'the clock of the host is ahead: engine.example.com (59 min'],
    ['behind', -HOUR_MS, 'is behind, or its reports are delivered late: engine.example.com (1 h'],
  ])('given a host whose clock is %s, it is named until it is right', async (_, offMs, detail) => {
    for (let i = 0; i < 3; i++) await report({ doneAt: at(offMs - 5_000), sentAt: at(offMs) });
    expect((await installation.doctor()).check('reporters')).toMatchObject({
      state: 'warning',
      detail: expect.stringContaining(detail),
      remedy: expect.stringContaining('correct the clock of engine.example.com'),
    });
    await report({ doneAt: at(0), sentAt: at(0) });
    expect((await installation.doctor()).check('reporters').state).toBe('ok');
  });

  test('given an engine that is claimed by two users, when its remedy was run, it has one', async () => {
    const user = `host-${randomUUID()}`;
    await report({ doneAt: at(0), reportedBy: 'somebody' });
    await report({ doneAt: at(0), reportedBy: user });
    try {
      const detail = `claimed by several broker users: ${user}, somebody`;
      await isHealed('reporters', detail, 'warning');
      await installation.broker.api('DELETE', `users/${user}`);
      const gone = await installation.doctor();
      expect(gone.check('reporters').detail).toContain(`the broker has no user ${user}`);
      rmSync(join(installation.folder, `${FQDN}.password`));
      await installation.runRemedy(gone.check('reporters'));
      expect((await installation.doctor()).check('reporters').state).toBe('ok');
    } finally {
      await installation.broker.api('DELETE', `users/${user}`).catch(() => undefined);
    }
  });
});
