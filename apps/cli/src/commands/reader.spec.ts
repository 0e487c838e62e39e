import { logReports } from '@backup-awareness/database';
import {
  createTestBroker,
  createTestDatabase,
  exampleReport,
  type TestDatabase,
} from '@backup-awareness/testing';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../spec/run-command.js';

const FQDN = 'engine.example.com';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  await logReports(database.owner, [exampleReport({ fqdn: FQDN, isPassed: false })]);
});
afterAll(() => database?.drop());

const asReader = (...args: string[]) => runCommand(args, { DATABASE_URL: database.urls.reader });

test.each([
  [['status']],
  [['status', '--json']],
  [['explain', FQDN]],
  [['alerts', 'list']],
  [['alerts', 'list', '--all']],
  [['audit']],
  [['audit', '--fqdn', FQDN, '--since', '1h']],
  [['config', '-a']],
])('the reader’s role is enough for %j', async (args) => {
  expect(await asReader(...args)).toMatchObject({ exitCode: 0, stderr: '' });
});

test('the reader’s role is enough for check to judge', async () => {
  const { exitCode, stdout } = await asReader('check');
  expect(exitCode).toBe(3);
  expect(stdout).toContain('check');
  expect(stdout).not.toContain('permission denied');
});

test.each([
  [['config', '-s', 'BackupCheckPeriodInHours=5']],
  [['engines', 'add', 'other.example.com']],
  [['engines', 'retire', FQDN]],
  [['outbox', 'list']],
])('the reader’s role is not enough for %j', async (args) => {
  const { exitCode, stderr } = await asReader(...args);
  expect(exitCode).toBe(1);
  expect(stderr).toMatch(
    /^backup-awareness: the database user test_\w+_reader may not do this \(permission denied for table \w+\): set DATABASE_URL to the URL of the database's owner, /,
  );
});

test('the users reader and monitor are enough for status and check to compare the broker', async () => {
  const broker = await createTestBroker();
  const folder = mkdtempSync(join(tmpdir(), 'reader-'));
  try {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `bindings/${at}/e/ovirt.unrouted/q/ovirt.unrouted/~`);
    const unusable = (url: string) => Object.assign(new URL(url), { password: 'wrong' }).href;
    const endpoints = {
      databaseUrl: unusable(database.ownerUrl),
      amqpUrl: unusable(broker.amqpUrl),
      amqpManagementUrl: unusable(broker.managementUrl),
      readerDatabaseUrl: database.urls.reader,
      monitorAmqpUrl: broker.urlOf('monitor'),
      services: {},
    };
    writeFileSync(join(folder, 'endpoints.json'), JSON.stringify(endpoints));
    for (const command of ['status', 'check'])
      expect((await runCommand([command], { RUN_DIR: folder })).stdout).toContain(
        'binding (no key) of ovirt.unrouted to ovirt.unrouted: expected to exist, got none',
      );
  } finally {
    rmSync(folder, { recursive: true });
    await broker.drop();
  }
});
