import { createTestDatabase, type TestDatabase } from '@backup-awareness/testing';
import type { DataSource } from 'typeorm';
import { dataSourceFor } from '../connection/data-source-for.js';
import { beginSession, endSession, findSession } from './sessions.js';
import { createSignInLink, useSignInLink } from './sign-in-links.js';
import { createToken, findToken, listTokens, revokeToken } from './tokens.js';

let database: TestDatabase;
/** With the console's role. */
let console_: DataSource;
beforeAll(async () => {
  database = await createTestDatabase();
  console_ = await dataSourceFor(database.urls.console).initialize();
});
afterAll(async () => {
  await console_?.destroy();
  await database?.drop();
});
beforeEach(() =>
  database.owner.query('TRUNCATE console_token, console_session, console_sign_in_link'),
);

const create = (name: string, more: { expiresDays?: number; role?: string } = {}) =>
  createToken(database.owner, { name, role: 'viewer', who: 'root', ...more });

describe('a token', () => {
  test('is known by its secret, of which the database keeps only the hash', async () => {
    const { secret } = await create('reports');
    expect(await findToken(console_, secret)).toMatchObject({
      who: 'token:reports',
      role: 'viewer',
    });
    const [row] = await database.owner.query(
      'SELECT console_token::text AS text FROM console_token',
    );
    expect(row.text).not.toContain(secret);
    expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  });

  test('that is unknown, expired or revoked is none', async () => {
    const { secret } = await create('expiring', { expiresDays: 1 });
    expect(await findToken(console_, 'x')).toBeUndefined();
    expect(await findToken(console_, secret)).toBeDefined();
    await database.owner.query(`UPDATE console_token SET expires_at = now() - interval '1 second'`);
    expect(await findToken(console_, secret)).toBeUndefined();
    const other = await create('revoked');
    expect(await revokeToken(database.owner, { name: 'revoked', who: 'root' })).toBe('revoked');
    expect(await revokeToken(database.owner, { name: 'revoked', who: 'root' })).toBe(
      'already_revoked',
    );
    expect(await findToken(console_, other.secret)).toBeUndefined();
    expect(await listTokens(database.owner)).toMatchObject([
      { name: 'expiring', valid: false, revoked_at: null },
      { name: 'revoked', valid: false, revoked_by: 'root' },
    ]);
  });

  test.each([
    [{ name: 'a b' }, 'expected 1 to 64 letters'],
    [{ name: 'a', role: 'root' }, 'expected viewer or operator, got "root"'],
    [{ name: 'a', expiresDays: 0 }, 'a number of days above 0'],
  ])('is refused as %j: %s', async (request, message) => {
    const { name, ...more } = request;
    await expect(create(name, more)).rejects.toThrow(message);
  });

  test('never gets the name of another, not even of a revoked one', async () => {
    await create('reports');
    await revokeToken(database.owner, { name: 'reports', who: 'root' });
    await expect(create('reports')).rejects.toThrow('a name that no token has or had');
  });
});

test('creating and revoking a token are events, without its secret', async () => {
  await database.owner.query('TRUNCATE outbox');
  const { secret } = await create('reports', { expiresDays: 1 });
  await expect(create('reports')).rejects.toThrow();
  await revokeToken(database.owner, { name: 'reports', who: 'anna' });
  await revokeToken(database.owner, { name: 'reports', who: 'anna' });
  await revokeToken(database.owner, { name: 'other', who: 'anna' });
  const events = await database.owner.query('SELECT name, data FROM outbox ORDER BY id');
  expect(events).toMatchObject([
    {
      name: 'TokenCreated',
      data: { who: 'root', to: 'viewer', name: 'reports', expires_at: expect.any(String) },
    },
    { name: 'TokenRevoked', data: { who: 'anna', from: 'viewer', name: 'reports' } },
  ]);
  expect(events).toHaveLength(2);
  expect(JSON.stringify(events)).not.toContain(secret);
});

describe('a session', () => {
  const anna = { who: 'anna', role: 'operator' } as const;

  test('is known until it is ended', async () => {
    const secret = await beginSession(console_, anna);
    expect(await findSession(console_, secret)).toEqual(anna);
    await endSession(console_, secret);
    expect(await findSession(console_, secret)).toBeUndefined();
  });

  test.each(['began_at', 'seen_at'])('is over when %s was too long ago', async (column) => {
    const secret = await beginSession(console_, anna);
    const ago = column === 'began_at' ? '12 hours' : '1 hour';
    await database.owner.query(`UPDATE console_session SET ${column} = now() - $1::interval`, [
      ago,
    ]);
    expect(await findSession(console_, secret)).toBeUndefined();
  });

  test('that is used does not idle', async () => {
    const secret = await beginSession(console_, anna);
    await database.owner.query(
      `UPDATE console_session SET seen_at = now() - interval '50 minutes'`,
    );
    await findSession(console_, secret);
    const [row] = await database.owner.query(
      `SELECT seen_at > now() - interval '10 minutes' AS "isSeen" FROM console_session`,
    );
    expect(row.isSeen).toBe(true);
  });

  test('ends with the token that has begun it', async () => {
    const { secret } = await create('reports');
    const { tokenId, ...identity } = (await findToken(console_, secret))!;
    const session = await beginSession(console_, identity, tokenId);
    expect(await findSession(console_, session)).toEqual(identity);
    await revokeToken(database.owner, { name: 'reports', who: 'root' });
    expect(await findSession(console_, session)).toBeUndefined();
  });
});

test('a link signs in once, even if it is opened twice at the same time', async () => {
  const secret = await createSignInLink(database.owner, { who: 'root', role: 'operator' });
  const both = await Promise.all([
    useSignInLink(console_, secret),
    useSignInLink(console_, secret),
  ]);
  expect(both.filter(Boolean)).toEqual([{ who: 'root', role: 'operator' }]);
  expect(await useSignInLink(console_, secret)).toBeUndefined();
});

test('a link is valid for ten minutes', async () => {
  const secret = await createSignInLink(database.owner, { who: 'root', role: 'operator' });
  await database.owner.query(
    `UPDATE console_sign_in_link SET expires_at = expires_at - interval '10 minutes'`,
  );
  expect(await useSignInLink(console_, secret)).toBeUndefined();
});
