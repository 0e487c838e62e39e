import { logReports } from '@backup-awareness/database';
import { createTestDatabase, exampleReport, type TestDatabase } from '@backup-awareness/testing';
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
])('the reader’s role is not enough for %j', async (args) => {
  const { exitCode, stderr } = await asReader(...args);
  expect(exitCode).toBe(1);
  expect(stderr).toContain('permission denied');
});
