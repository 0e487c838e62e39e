import { createSignInLink, revokeToken } from '@backup-awareness/database';
import { eventually } from '@backup-awareness/testing';
import { useConsole, type Answer, type ServedConsole } from '../spec/use-console.js';
import { FailedSignIns, RecordedFailures } from './failed-sign-ins.js';

let served: ServedConsole;
useConsole((it) => (served = it));

const API = '/api/v1';
const cookieOf = ({ headers }: Answer) => headers.get('set-cookie')!.split(';')[0]!;
const newLink = () => createSignInLink(served.database.owner, { who: 'root', role: 'operator' });

async function signIn(token = served.operator) {
  const answer = await served.ask('POST', `${API}/session`, { token: null, body: { token } });
  return { answer, cookie: cookieOf(answer), csrf: answer.json.csrf_token as string };
}

test.each([
  '/overview',
  '/engines',
  '/alerts',
  '/settings',
  '/openapi.json',
  '/nothing',
  '/session',
])('%s is for nobody who has not signed in', async (path) => {
  const answer = await served.ask('GET', `${API}${path}`, { token: null });
  expect(answer.status).toBe(401);
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
});

test('metrics need a token, health does not', async () => {
  expect((await served.ask('GET', '/metrics', { token: null })).status).toBe(401);
  expect((await served.ask('GET', '/metrics')).status).toBe(200);
  expect((await served.ask('GET', '/health/live', { token: null })).status).toBe(200);
  await eventually(async () =>
    expect((await served.ask('GET', '/health/ready', { token: null })).json).toMatchObject({
      status: 'ready',
    }),
  );
});

test.each([
  '//api/v1/engines',
  '/api/v1/../v1/engines',
  '/API/v1/engines',
  '/api/v1/%65ngines',
  '/api/v1/engines/',
  '/metrics/',
  '//metrics',
])('the path %s reaches nothing without signing in', async (path) => {
  const { status, text } = await served.ask('GET', path, { token: null });
  expect([401, 404]).toContain(status);
  expect(text).not.toContain('items');
});

test('every answer has the headers that keep a page from being attacked', async () => {
  for (const path of ['/api/v1/overview', '/health/live', '/nothing']) {
    const { headers } = await served.ask('GET', path);
    expect(headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/);
    expect(headers.get('content-security-policy')).not.toMatch(/unsafe/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
});

test('a viewer reads, and changes nothing', async () => {
  const token = served.viewer;
  expect((await served.ask('GET', `${API}/settings`, { token })).status).toBe(200);
  for (const [method, path, body] of [
    ['POST', '/engines', { fqdn: 'e.example.com' }],
    ['PATCH', '/engines/e.example.com', { alert_period_days: 1 }],
    ['POST', '/engines/e.example.com/retirement', undefined],
    ['PUT', '/settings/BackupAlertPeriodInDays', { value: '9' }],
    ['POST', '/alerts/x/dismissal', { comment: 'x' }],
  ] as const) {
    const answer = await served.ask(method, `${API}${path}`, { token, body });
    expect(answer).toMatchObject({
      status: 403,
      json: { detail: expect.stringContaining('needs the role operator') },
    });
  }
  const changes = await served.database.owner.query(
    `SELECT FROM outbox WHERE name NOT IN ('TokenCreated', 'SignedIn', 'SignInFailed')`,
  );
  expect(changes).toEqual([]);
});

test('a session reads with its cookie alone, and changes only with its CSRF token', async () => {
  const { answer, cookie, csrf } = await signIn();
  expect(answer.headers.get('set-cookie')).toMatch(
    /^backup-awareness-session=.*HttpOnly; SameSite=Strict/,
  );
  const as = (headers: Record<string, string> = {}) => ({
    token: null,
    headers: { cookie, ...headers },
  });
  const session = await served.ask('GET', `${API}/session`, as());
  expect(session.json).toEqual({
    who: 'token:operator',
    role: 'operator',
    csrf_token: csrf,
    trial: null,
  });
  const change = (headers: Record<string, string>) =>
    served.ask('PUT', `${API}/settings/BackupAlertPeriodInDays`, {
      ...as(headers),
      body: { value: '1' },
    });
  expect((await change({})).status).toBe(403);
  expect((await change({ 'x-csrf-token': 'x' })).status).toBe(403);
  expect((await change({ 'x-csrf-token': csrf, 'sec-fetch-site': 'cross-site' })).status).toBe(403);
  expect((await change({ 'x-csrf-token': csrf })).status).toBe(200);
  const { csrf: other } = await signIn();
  expect((await change({ 'x-csrf-token': other })).status).toBe(403);
});

test('signing out ends the session', async () => {
  const { cookie, csrf } = await signIn();
  const headers = { cookie, 'x-csrf-token': csrf };
  expect((await served.ask('DELETE', `${API}/session`, { token: null, headers })).status).toBe(204);
  expect((await served.ask('GET', `${API}/session`, { token: null, headers })).status).toBe(401);
});

test('a session that somebody has set before signing in gains nothing', async () => {
  const fixed = 'backup-awareness-session=chosen-by-somebody-else';
  const answer = await served.ask('POST', `${API}/session`, {
    token: null,
    body: { token: served.operator },
    headers: { cookie: fixed },
  });
  expect(cookieOf(answer)).not.toBe(fixed);
  expect(
    (await served.ask('GET', `${API}/session`, { token: null, headers: { cookie: fixed } })).status,
  ).toBe(401);
});

test('signing in again ends the session of before', async () => {
  const { cookie } = await signIn();
  await served.ask('POST', `${API}/session`, {
    token: null,
    body: { token: served.operator },
    headers: { cookie },
  });
  expect(
    (await served.ask('GET', `${API}/session`, { token: null, headers: { cookie } })).status,
  ).toBe(401);
});

test('a link signs in once, and leads to the page', async () => {
  const link = `/sign-in?link=${await newLink()}`;
  const first = await served.ask('GET', link, { token: null });
  expect(first).toMatchObject({ status: 303 });
  expect(first.headers.get('location')).toBe('/');
  const headers = { cookie: cookieOf(first) };
  expect((await served.ask('GET', `${API}/session`, { token: null, headers })).json).toMatchObject({
    who: 'root',
    role: 'operator',
  });
  expect((await served.ask('GET', link, { token: null })).status).toBe(401);
});

test('a link that is only looked at with HEAD still signs in', async () => {
  const link = `/sign-in?link=${await newLink()}`;
  expect((await served.ask('HEAD', link, { token: null })).status).toBe(404);
  expect((await served.ask('GET', link, { token: null })).status).toBe(303);
});

test('a revoked token ends at once, with its sessions', async () => {
  const { cookie } = await signIn(served.viewer);
  await revokeToken(served.database.owner, { name: 'viewer', who: 'root' });
  expect((await served.ask('GET', `${API}/session`, { token: served.viewer })).status).toBe(401);
  expect(
    (await served.ask('GET', `${API}/session`, { token: null, headers: { cookie } })).status,
  ).toBe(401);
});

test('after ten failed sign-ins further ones are told to wait, and a valid token or link still signs in', async () => {
  const fail = () =>
    served.ask('POST', `${API}/session`, { token: null, body: { token: 'wrong' } });
  const statuses = [];
  for (let i = 0; i < 12; i++) statuses.push((await fail()).status);
  expect(statuses).toContain(401);
  const refused = await fail();
  expect(refused.status).toBe(429);
  expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await served.ask('GET', `${API}/session`, { token: 'wrong' })).status).toBe(429);
  expect((await served.ask('GET', '/sign-in?link=wrong', { token: null })).status).toBe(429);
  expect((await signIn()).answer.status).toBe(200);
  const link = `/sign-in?link=${await newLink()}`;
  expect((await served.ask('GET', link, { token: null })).status).toBe(303);
  expect((await served.ask('GET', `${API}/session`)).status).toBe(200);
});

async function eventsOf(work: () => Promise<unknown>) {
  await served.database.owner.query('TRUNCATE outbox');
  await work();
  return served.database.owner.query('SELECT name, data FROM outbox ORDER BY id');
}

test('signing in and out are events, with who, how and from where', async () => {
  const events = await eventsOf(async () => {
    const { cookie, csrf } = await signIn();
    const headers = { cookie, 'x-csrf-token': csrf };
    await served.ask('DELETE', `${API}/session`, { token: null, headers });
    await served.ask('GET', `/sign-in?link=${await newLink()}`, { token: null });
  });
  expect(events).toMatchObject([
    { name: 'SignedIn', data: { who: 'token:operator', to: 'operator', by: 'token' } },
    { name: 'SignedOut', data: { who: 'token:operator', from: 'operator' } },
    { name: 'SignedIn', data: { who: 'root', by: 'link', address: '127.0.0.1' } },
  ]);
});

test('using a token or a session is no event, and neither is a session that is over', async () => {
  const { cookie } = await signIn();
  const events = await eventsOf(async () => {
    await served.ask('GET', `${API}/session`);
    await served.ask('GET', `${API}/session`, { token: null, headers: { cookie } });
    await served.ask('GET', `${API}/session`, { token: null, headers: { cookie: `${cookie}x` } });
  });
  expect(events).toEqual([]);
});

test('of a flood of failed sign-ins only ten in a minute are events, which say nothing of what was tried', async () => {
  const events = await eventsOf(async () => {
    for (let i = 0; i < 30; i++)
      await served.ask('GET', `${API}/session`, { token: `guessed-${i}` });
  });
  expect(events.length).toBeLessThanOrEqual(10);
  expect(JSON.stringify(events)).not.toContain('guessed');
});

test('an event of failed sign-ins counts those that have none', () => {
  let now = 0;
  const recorded = new RecordedFailures(() => now);
  const notes = (count: number) => Array.from({ length: count }, () => recorded.note());
  expect(notes(12)).toEqual([...Array(10).fill(1), 0, 0]);
  now = 60_001;
  expect(notes(2)).toEqual([3, 1]);
});

test('failures are forgotten after a minute, and each address has its own', () => {
  let now = 0;
  const failures = new FailedSignIns(() => now);
  for (let i = 0; i < 10; i++) failures.note('a');
  expect(failures.waitSeconds('a')).toBe(60);
  expect(failures.waitSeconds('b')).toBe(0);
  now = 60_001;
  expect(failures.waitSeconds('a')).toBe(0);
});
