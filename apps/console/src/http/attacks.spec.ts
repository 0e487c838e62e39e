import { createSignInLink } from '@backup-awareness/database';
import { request } from 'node:http';
import { useConsole, type ServedConsole } from '../spec/use-console.js';

let served: ServedConsole;
useConsole((it) => (served = it));

interface Raw {
  readonly status: number;
  readonly location: string | undefined;
  readonly contentType: string | undefined;
  readonly text: string;
}

/** Sends the path as it is: fetch would tidy it up. */
function raw(path: string, headers: Record<string, string> = {}) {
  return new Promise<Raw>((resolve, reject) => {
    const { hostname, port } = new URL(served.url);
    request({ hostname, port, path, headers }, (response) => {
      let text = '';
      response.on('data', (part: Buffer) => (text += part.toString()));
      response.on('end', () => {
        const { statusCode, headers: answered } = response;
        const { location, 'content-type': contentType } = answered;
        resolve({ status: statusCode!, location, contentType, text });
      });
    })
      .on('error', reject)
      .end();
  });
}

test.each([
  '/../api/v1/overview',
  '/api/v1//overview',
  '/api%2fv1%2foverview',
  '/api/v1/%2e%2e/v1/overview',
  '/api/v1/overview%00',
  '/api/v1/engines/..%2f..%2fsettings',
  '/api/v1/overview;/health/live',
  '/health/..%2fapi/v1/overview',
  'http://evil.example.com/api/v1/overview',
  `/api/v1/engines/${'a'.repeat(10_000)}`,
  '/api/v1/engines/%ff%fe',
])('the path %s gives nothing away', async (path) => {
  const { status, text } = await raw(path);
  expect([400, 401, 404, 414]).toContain(status);
  expect(text).not.toMatch(/"(trust|items|value)"/);
});

test.each([
  ['a path that cannot be decoded', 400, '/api/v1/engines/%ff', {}],
  ['half an escape', 400, '/api/%zz', {}],
  ['headers that are too long', 431, '/api/v1/overview', { 'x-long': 'a'.repeat(20_000) }],
  ['another version', 404, '/api/v2/overview', {}],
  ['no version', 404, '/api/overview', {}],
])('%s gets a problem, %d', async (_, status, path, headers) => {
  const answer = await raw(path, headers as Record<string, string>);
  expect(answer.status).toBe(status);
  expect(answer.contentType).toMatch(/^application\/problem\+json(;|$)/);
  expect(JSON.parse(answer.text)).toMatchObject({
    type: 'about:blank',
    status,
    title: expect.any(String),
    detail: expect.any(String),
  });
});

test.each([
  '//evil.example.com',
  '/\\evil.example.com',
  '//evil.example.com/%2e%2e',
  '/api/docs//evil.example.com/',
])('the path %s leads to no other site', async (path) => {
  const { location } = await raw(path, { authorization: `Bearer ${served.operator}` });
  expect(location ?? '/').toMatch(/^\/(?![/\\])/);
});

test('a link signs in and leads to the page of this site, whatever path and forwarded host are claimed', async () => {
  const link = await createSignInLink(served.database.owner, { who: 'root', role: 'viewer' });
  const { status, location } = await raw(`/sign-in?link=${link}&to=//evil.example.com`, {
    'x-forwarded-host': 'evil.example.com',
  });
  expect({ status, location }).toEqual({ status: 303, location: '/' });
});

describe('given a browser that is signed in', () => {
  let headers: Record<string, string>;
  beforeAll(async () => {
    const signedIn = await served.ask('POST', '/api/v1/session', {
      token: null,
      body: { token: served.operator },
    });
    const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
    headers = { cookie, 'x-csrf-token': signedIn.json.csrf_token };
  });
  const change = (origin: string) =>
    served.ask('PUT', '/api/v1/settings/EngineRegistrationMax', {
      token: null,
      body: { value: '1000' },
      headers: { ...headers, origin },
    });

  test('its own page changes something', async () => {
    expect((await change(served.url)).status).toBe(200);
  });

  test.each(['http://evil.example', 'http://127.0.0.1:1', 'null', 'nonsense'])(
    'the origin %s changes nothing, even with the cookie and the CSRF token',
    async (origin) => {
      expect(await change(origin)).toMatchObject({
        status: 403,
        json: { path: 'headers.Origin', got: origin },
      });
    },
  );

  test('its cookie counts under a name of this machine only', async () => {
    const ask = (host: string) => raw('/api/v1/session', { ...headers, host });
    for (const host of ['localhost', 'LOCALHOST:1234', '127.0.0.1:8080', '[::1]:8080'])
      expect((await ask(host)).status).toBe(200);
    for (const host of ['evil.example', 'localhost.evil.example:8080', '127.0.0.1.evil.example'])
      expect((await ask(host)).status).toBe(403);
  });
});

test('nobody signs in from another origin', async () => {
  const answer = await served.ask('POST', '/api/v1/session', {
    token: null,
    body: { token: served.operator },
    headers: { origin: 'http://evil.example' },
  });
  expect(answer).toMatchObject({ status: 403, json: { path: 'headers.Origin' } });
  expect(answer.headers.get('set-cookie')).toBeNull();
});

test('a link is not used under the name of another site', async () => {
  const link = await createSignInLink(served.database.owner, { who: 'root', role: 'viewer' });
  const open = (host: string) => raw(`/sign-in?link=${link}`, { host });
  expect((await open('evil.example.com')).status).toBe(403);
  expect((await open('localhost')).status).toBe(303);
});

test.each([
  ['an overlong token', { authorization: `Bearer ${'a'.repeat(5_000)}` }],
  ['two tokens', { authorization: 'Bearer a, Bearer b' }],
  ['a password', { authorization: 'Basic b3BlcmF0b3I6' }],
  ['two sessions', { cookie: 'backup-awareness-session=a; backup-awareness-session=b' }],
  ['a claimed user', { 'x-forwarded-user': 'root', 'x-remote-user': 'root', 'x-real-ip': '::1' }],
])('%s signs nobody in', async (_, headers) => {
  const { status } = await raw('/api/v1/overview', headers as Record<string, string>);
  expect([401, 431]).toContain(status);
});

test.each([
  ['POST', '/engines', { fqdn: 'e.example.com' }],
  ['PATCH', '/engines/e.example.com', { broker_user: null }],
  ['DELETE', '/alerts/x/dismissal', undefined],
  ['PUT', '/settings/BackupAlertPeriodInDays', { value: '9' }],
])('a viewer may not %s %s, whatever method is claimed', async (method, path, body) => {
  const claims: Record<string, string>[] = [
    {},
    { 'x-http-method-override': 'GET', 'x-role': 'operator' },
  ];
  for (const headers of claims) {
    const answer = await served.ask(method, `/api/v1${path}`, {
      token: served.viewer,
      body,
      headers,
    });
    expect(answer.status).toBe(403);
  }
});

test('a form of another site changes nothing', async () => {
  const signedIn = await served.ask('POST', '/api/v1/session', {
    token: null,
    body: { token: served.operator },
  });
  const cookie = signedIn.headers.get('set-cookie')!.split(';')[0]!;
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/json']) {
    const answer = await fetch(`${served.url}/api/v1/engines`, {
      method: 'POST',
      headers: { cookie, 'content-type': type, origin: 'https://evil.example.com' },
      body: '{"fqdn":"evil.example.com"}',
    });
    expect([403, 415]).toContain(answer.status);
  }
  const engines = await served.database.owner.query('SELECT fqdn FROM engine');
  expect(engines).toEqual([]);
});

test('no answer lets another site read it', async () => {
  const { headers } = await served.ask('GET', '/api/v1/overview', {
    headers: { origin: 'https://evil.example.com' },
  });
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('cache-control')).toBe('no-store');
});
