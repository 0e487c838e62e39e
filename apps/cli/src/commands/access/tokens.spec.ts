import { findBadge, findToken } from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { runCommand } from '../../spec/run-command.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database?.drop());

const tokens = (...args: string[]) =>
  runCommand(['tokens', ...args], { DATABASE_URL: database.ownerUrl });

test('a token is shown once, is valid until it is revoked, and then for good not', async () => {
  const created = await tokens('create', 'reports', '--role', 'viewer', '--json');
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  const { token } = JSON.parse(created.stdout);
  expect(await findToken(database.owner, token)).toMatchObject({ who: 'token:reports' });
  const listed = await tokens('list');
  expect(listed.stdout).toMatch(/reports +viewer +valid/);
  expect(listed.stdout).not.toContain(token);
  expect((await tokens('revoke', 'reports', '--by', 'anna')).stdout).toBe(
    'Token reports is revoked.\n',
  );
  expect((await tokens('revoke', 'reports')).stdout).toBe('Token reports was revoked already.\n');
  expect(await findToken(database.owner, token)).toBeUndefined();
  expect((await tokens('list')).stdout).toMatch(/revoked .* by anna/);
});

test('a badge is shown once, and revoked', async () => {
  const badges = (...args: string[]) =>
    runCommand(['badges', ...args], { DATABASE_URL: database.ownerUrl });
  const created = await badges('create', '--json');
  expect(created).toMatchObject({ exitCode: 0, stderr: '' });
  const { id, path } = JSON.parse(created.stdout);
  const [, secret] = /^\/badge\/([\w-]{43})\.svg$/.exec(path)!;
  expect(await findBadge(database.owner, secret!)).toEqual({ fqdn: null });
  const listed = await badges('list');
  expect(listed.stdout).toMatch(`${id}  (all)`);
  expect(listed.stdout).not.toContain(secret);
  expect((await badges('revoke', id)).stdout).toBe(`Badge ${id} is revoked.\n`);
  expect(await findBadge(database.owner, secret!)).toBeUndefined();
  const unknown = await badges('create', '--fqdn', 'other.example.com');
  expect(unknown).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('an engine of') });
});

test.each([
  [['create', 'a b', '--role', 'viewer'], 'expected 1 to 64 letters'],
  [['create', 'a', '--role', 'root'], 'viewer, operator'],
  [
    ['create', 'a', '--role', 'viewer', '--expires', 'soon'],
    'expected a whole number of days, got "soon"',
  ],
  [['revoke', 'none'], 'expected the name of a token'],
])('%j is wrong use: %s', async (args, message) => {
  const { exitCode, stderr } = await tokens(...args);
  expect(exitCode).toBe(2);
  expect(stderr).toContain(message);
});
