import { createBadge, revokeBadge } from '@backup-awareness/database';
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
const check = (ago: string) =>
  served.database.owner.query(`UPDATE checker_state SET last_check_at = now() - $1::interval`, [
    ago,
  ]);

beforeAll(async () => {
  await check('1 minute');
  await storeFullBackup(served.database, 'fresh.example.com', 1);
});

test('a badge is up, late or down, for one engine and for all', async () => {
  expect(await stateOf('fresh.example.com')).toBe('up');
  expect(await stateOf(null)).toBe('up');
  await storeFullBackup(served.database, 'old.example.com', 30);
  expect(await stateOf('old.example.com')).toBe('late');
  expect(await stateOf(null)).toBe('late');
  await served.database.owner.query(`INSERT INTO engine (fqdn) VALUES ('none.example.com')`);
  expect(await stateOf('none.example.com')).toBe('down');
  expect(await stateOf(null)).toBe('down');
  expect(await stateOf('fresh.example.com')).toBe('up');
});

test('while checks are overdue a badge is unknown, never up', async () => {
  await check('7 hours');
  expect(await stateOf('fresh.example.com')).toBe('unknown');
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
  expect((await get(retired.secret)).status).toBe(404);
  await expect(badgeOf('other.example.com')).rejects.toThrow('an engine of the list');
  await expect(revokeBadge(served.database.owner, { id: 'x', who: 'root' })).rejects.toThrow();
});
