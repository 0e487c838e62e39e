import { startProduct, type ProductOnTestServers } from './product.js';
import { eventually } from '@backup-awareness/testing';

let product: ProductOnTestServers;
beforeAll(async () => {
  product = await startProduct();
});
afterAll(() => product?.stop());

const API = '/api/v1';
const link = () => /http:\S+\/sign-in\?link=\S+/.exec(product.output())![0];
const ask = (path: string, headers: Record<string, string> = {}) =>
  fetch(product.endpoints().consoleUrl + path, { headers, redirect: 'manual' });
const asOperator = (path: string) =>
  ask(path, { authorization: `Bearer ${product.endpoints().consoleToken}` });

test('the link that npm start prints signs in once, and the session reads the overview', async () => {
  const first = await fetch(link(), { redirect: 'manual' });
  expect(first.status).toBe(303);
  expect(first.headers.get('location')).toBe('/');
  const cookie = first.headers.get('set-cookie')!.split(';')[0]!;
  const overview = await ask(`${API}/overview`, { cookie });
  // The link was printed after the first check: who opens it at once sees how the engines stand.
  expect(await overview.json()).toMatchObject({
    trust: { known: true, reasons: [] },
    counts: { watched: 1, no_full_backup: 1 },
  });
  const session = await ask(`${API}/session`, { cookie });
  expect(await session.json()).toMatchObject({ who: 'npm start', role: 'operator' });

  const second = await fetch(link(), { redirect: 'manual' });
  expect(second.status).toBe(401);
  expect(second.headers.get('set-cookie')).toBeNull();
});

test('the page is there for anybody, and what it shows is not', async () => {
  const page = await ask('/');
  expect({ status: page.status, text: await page.text() }).toEqual({
    status: 200,
    text: expect.stringContaining('<script type="module"'),
  });
  expect((await ask(`${API}/overview`)).status).toBe(401);
});

test('the token of endpoints.json is an operator’s', async () => {
  const session = await asOperator(`${API}/session`);
  expect(await session.json()).toMatchObject({ role: 'operator' });
});

test('the console is back after it was killed, with the same sessions and token', async () => {
  const { pid } = product.endpoints().services['console']!;
  process.kill(pid, 'SIGKILL');
  await eventually(async () => {
    expect(product.endpoints().services['console']!.pid).not.toBe(pid);
    expect((await asOperator('/health/ready')).status).toBe(200);
  });
  expect((await asOperator(`${API}/overview`)).status).toBe(200);
});

test('the token is kept at the next start, and a revoked one is replaced', async () => {
  const before = product.endpoints().consoleToken;
  const earlierLink = link();
  await product.restart();
  expect(product.endpoints().consoleToken).toBe(before);
  expect(link()).not.toBe(earlierLink);

  const [token] = await product.cliJson<{ name: string }[]>('tokens', 'list');
  await product.cli('tokens', 'revoke', token!.name);
  expect((await asOperator(`${API}/overview`)).status).toBe(401);
  await product.restart();
  expect(product.endpoints().consoleToken).not.toBe(before);
  expect((await asOperator(`${API}/overview`)).status).toBe(200);
});
