import {
  createToken,
  findSession,
  findToken,
  signIn,
  type SignIn,
} from '@backup-awareness/database';
import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import { runCommand } from '../../spec/run-command.js';

let database: TestDatabase;
beforeAll(async () => (database = await createTestDatabase()));
afterAll(() => database?.drop());

const sessions = (...args: string[]) =>
  runCommand(['sessions', ...args], { DATABASE_URL: database.ownerUrl });

const begin = (who: string, by: SignIn['by'], tokenId: string | null = null) =>
  signIn(database.owner, {
    ...{ identity: { who, role: 'viewer' }, by, tokenId },
    ...{ address: '192.0.2.7', earlier: undefined },
  });

test('a session is listed without its secret, by how it has begun, and ends when it is revoked', async () => {
  expect((await sessions('list')).stdout).toBe('There are no sessions.\n');
  const { secret: token } = await createToken(database.owner, {
    ...{ name: 'reports', role: 'viewer', who: 'root', expiresDays: 0.01 },
  });
  const { tokenId } = (await findToken(database.owner, token))!;
  const anna = await begin('oidc:anna (f3a1)', 'oidc');
  await begin('root', 'link');
  await begin('token:reports', 'token', tokenId);

  const listed = JSON.parse((await sessions('list', '--json')).stdout);
  expect(
    listed.map((one: { who: string; signed_in_by: string }) => [one.who, one.signed_in_by]),
  ).toEqual([
    ['token:reports', 'token'],
    ['root', 'link'],
    ['oidc:anna (f3a1)', 'oidc'],
  ]);
  const hours = ({ began_at, ends_at }: Record<string, string>) =>
    (Date.parse(ends_at!) - Date.parse(began_at!)) / 3_600_000;
  expect(hours(listed[0])).toBeLessThan(0.25);
  expect(hours(listed[2])).toBe(1);
  const shown = (await sessions('list')).stdout;
  expect(shown).toMatch(/[0-9a-f]{12} +oidc:anna \(f3a1\) +viewer +oidc /);
  expect(shown).not.toContain(anna);

  const { id } = listed[2];
  expect((await sessions('revoke', id, '--by', 'boss')).stdout).toBe(`Session ${id} is revoked.\n`);
  expect(await findSession(database.owner, anna)).toBeUndefined();
  expect(JSON.parse((await sessions('list', '--json')).stdout)).toEqual(listed.slice(0, 2));
  const [event] = await database.owner.query(`SELECT data FROM outbox WHERE name = 'TokenRevoked'`);
  expect(event.data).toMatchObject({
    ...{ who: 'boss', what: 'session', from: 'viewer', to: 'revoked' },
    ...{ name: id, session_of: 'oidc:anna (f3a1)' },
  });
  expect(await sessions('revoke', id)).toMatchObject({
    exitCode: 2,
    stderr: expect.stringContaining('expected the id of a session that has not ended'),
  });
});

test('a session that is over is not listed', async () => {
  await begin('anna', 'link');
  await database.owner.query(`UPDATE console_session SET seen_at = now() - interval '1 hour'`);
  expect(JSON.parse((await sessions('list', '--json')).stdout)).toEqual([]);
});
