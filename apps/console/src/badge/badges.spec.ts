import { setTimeout as sleep } from 'node:timers/promises';
import { createBadge, revokeBadge } from '@backup-awareness/database';
import { eventually } from '@backup-awareness/testing';
import { storeFullBackup, useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const badgeOf = async (fqdn: string | null) =>
  createBadge(served.database.owner, { fqdn, who: 'root' });
const get = (secret: string) => served.ask('GET', `/badge/${secret}.svg`, { token: null });
async function stateOf(fqdn: string | null) {
  const { text } = await get((await badgeOf(fqdn)).secret);
  return /<title>backup: (\w+)<\/title>/.exec(text)?.[1];
}
/** A badge may be some seconds old. */
const becomes = (fqdn: string | null, state: string) =>
  eventually(async () => expect(await stateOf(fqdn)).toBe(state));
const check = (ago: string) =>
  served.database.owner.query(`UPDATE checker_state SET last_check_at = now() - $1::interval`, [
    ago,
  ]);

beforeAll(async () => {
  await check('1 minute');
  await storeFullBackup(served.database, 'fresh.example.com', 1);
});

test('a badge is up, late or down, for one engine and for all', async () => {
  await becomes('fresh.example.com', 'up');
  await becomes(null, 'up');
  await storeFullBackup(served.database, 'old.example.com', 30);
  await becomes('old.example.com', 'late');
  await becomes(null, 'late');
  await served.database.owner.query(`INSERT INTO engine (fqdn) VALUES ('none.example.com')`);
  await becomes('none.example.com', 'down');
  await becomes(null, 'down');
  await becomes('fresh.example.com', 'up');
});

test('while checks are overdue a badge is unknown, never up', async () => {
  await check('7 hours');
  await becomes('fresh.example.com', 'unknown');
  await check('1 minute');
});

test('a badge says no names, and may be shown on other sites', async () => {
  const { secret } = await badgeOf('fresh.example.com');
  const { text, headers } = await get(secret);
  expect(text).not.toContain('example.com');
  expect(headers.get('content-type')).toBe('image/svg+xml');
  expect(headers.get('cross-origin-resource-policy')).toBe('cross-origin');
  expect(headers.get('set-cookie')).toBeNull();
});

test('its address is a secret of 256 bits, and gives nothing else', async () => {
  const { secret } = await badgeOf(null);
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  const answer = await served.ask('GET', '/api/v1/overview', { token: secret });
  expect(answer.status).toBe(401);
});

test('a badge that is unknown, revoked or of an engine that is no longer monitored is not found', async () => {
  expect((await get('x'.repeat(43))).status).toBe(404);
  expect((await get('..%2fapi%2fv1%2foverview')).status).toBe(404);
  const { id, secret } = await badgeOf('fresh.example.com');
  expect((await get(secret)).status).toBe(200);
  await revokeBadge(served.database.owner, { id, who: 'root' });
  expect((await get(secret)).status).toBe(404);
  const retired = await badgeOf('old.example.com');
  await served.database.owner.query(
    `UPDATE engine SET retired_at = now() WHERE fqdn = 'old.example.com'`,
  );
  await eventually(async () => expect((await get(retired.secret)).status).toBe(404));
  await expect(badgeOf('other.example.com')).rejects.toThrow('an engine of the list');
  await expect(revokeBadge(served.database.owner, { id: 'x', who: 'root' })).rejects.toThrow();
});

test('a badge that was just looked at is shown again without reading the engines', async () => {
  const { owner } = served.database;
  const { secret } = await badgeOf('fresh.example.com');
  // What a lock on the engines keeps from being read.
  await eventually(async () => {
    await get(secret);
    const runner = owner.createQueryRunner();
    await runner.startTransaction();
    try {
      await runner.query('LOCK TABLE engine IN ACCESS EXCLUSIVE MODE');
      const answer = await Promise.race([get(secret), sleep(2_000)]);
      expect(answer).toMatchObject({ status: 200 });
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
  });
});
