import type { OidcProvider } from '@backup-awareness/testing/run-oidc-provider';
import { oidcBrowser } from '../spec/oidc-browser.js';
import type { ServedConsole } from '../spec/use-console.js';
import { SPOILED_TOKENS, useOidcConsole } from '../spec/use-oidc-console.js';
import { CONSOLE_VARIABLES } from '../console-configuration.js';
import { oidcName } from './oidc-client.js';
import { oidcConfiguration } from './oidc-configuration.js';
import { oidcRole } from './oidc-role.js';

let served: ServedConsole;
let provider: OidcProvider;
useOidcConsole((itsConsole, itsProvider) => {
  served = itsConsole;
  provider = itsProvider;
});

const { goToProvider, comeBack, signIn, session } = oidcBrowser(() => served);

test.each([
  ['anna', 'operator'],
  ['victor', 'viewer'],
])('%s signs in with the role %s', async (account, role) => {
  const { answer, cookies } = await signIn(account);
  expect({ status: answer.status, to: answer.headers.get('location') }).toEqual({
    status: 303,
    to: '/',
  });
  expect((await session(cookies)).json).toMatchObject({
    who: `oidc:${account} (${account})`,
    role,
  });
  const [event] = await served.database.owner.query(
    `SELECT data FROM outbox WHERE name = 'SignedIn' ORDER BY id DESC LIMIT 1`,
  );
  expect(event.data).toMatchObject({ who: `oidc:${account} (${account})`, by: 'oidc', to: role });
});

test('the request has PKCE, a state and a nonce, and the page is told of this way', async () => {
  const { begun } = await goToProvider('anna');
  const asked = new URL(begun.headers.get('location')!).searchParams;
  expect(Object.fromEntries(asked)).toMatchObject({
    response_type: 'code',
    code_challenge_method: 'S256',
    code_challenge: expect.stringMatching(/^[\w-]{43}$/),
    state: expect.stringMatching(/^[\w-]{43}$/),
    nonce: expect.stringMatching(/^[\w-]{43}$/),
  });
  expect(begun.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Lax/);
  const ways = await served.ask('GET', '/api/v1/sign-in', { token: null });
  expect(ways.json).toEqual({ ways: ['token', 'oidc'] });
});

test('somebody without a role is refused, and told why', async () => {
  const { answer, cookies } = await signIn('nobody');
  expect(answer).toMatchObject({
    status: 403,
    json: { detail: expect.stringMatching(/nobody \(nobody\) has no role .* realm_access\.roles/) },
  });
  expect((await session(cookies)).status).toBe(401);
});

test.each(SPOILED_TOKENS)('an ID token that is %s signs nobody in', async (_, spoiled) => {
  provider.spoil(spoiled);
  const { answer, cookies } = await signIn('anna');
  expect(answer).toMatchObject({
    status: 401,
    json: { detail: expect.stringMatching(/not valid/) },
  });
  expect((await session(cookies)).status).toBe(401);
});

test('a token that is signed again as it was signs in, so that the ones above fail for what was changed', async () => {
  provider.spoil({ claims: (claims) => claims });
  expect((await signIn('anna')).answer.status).toBe(303);
});

test('somebody who takes the name of another is recorded with the own subject', async () => {
  provider.spoil({ claims: (claims) => ({ ...claims, preferred_username: 'anna' }) });
  const { cookies } = await signIn('victor');
  expect((await session(cookies)).json).toMatchObject({ who: 'oidc:anna (victor)' });
});

test.each(['an\nna', 'anna\u202e', 'anna\ud800'])('the name %j is not accepted', (name) => {
  expect(() => oidcName({ sub: 'x', preferred_username: name })).toThrow('no control characters');
  expect(() => oidcName({ sub: name })).toThrow('no control characters');
});

test('a callback with another state signs nobody in', async () => {
  const { callback, cookies } = await goToProvider('anna');
  const other = callback.replace(/state=[\w-]+/, 'state=another');
  expect((await comeBack(other, cookies)).status).toBe(401);
});

test('a callback in another browser signs nobody in', async () => {
  const { callback } = await goToProvider('anna');
  const { cookies } = await goToProvider('victor');
  expect((await comeBack(callback, new Map())).status).toBe(401);
  expect((await comeBack(callback, cookies)).status).toBe(401);
});

test('a callback used twice signs in once', async () => {
  const { callback, cookies } = await goToProvider('anna');
  const before = new Map(cookies);
  expect((await comeBack(callback, cookies)).status).toBe(303);
  expect([...cookies.keys()]).not.toContain('backup-awareness-sign-in');
  expect((await comeBack(callback, before)).status).toBe(401);
});

test.each(['', '?error=access_denied', '?code=x', '?code=x&code=y', '?state='])(
  'the callback %s signs nobody in',
  async (query) => {
    const { cookies } = await goToProvider('anna');
    const answer = await comeBack(`/sign-in/oidc/callback${query}`, cookies);
    expect([401, 429]).toContain(answer.status);
  },
);

test('while the provider does not answer this is said, and tokens sign in', async () => {
  const { callback, cookies } = await goToProvider('anna');
  await provider.stop();
  const answer = await comeBack(callback, cookies);
  expect(answer).toMatchObject({
    status: 503,
    json: { detail: expect.stringMatching(/does not answer; signing in by a token works/) },
  });
  const body = { token: served.operator };
  expect((await served.ask('POST', '/api/v1/session', { token: null, body })).status).toBe(200);
});

test.each([
  [{ groups: ['op', 'view'] }, 'groups', 'operator'],
  [{ groups: 'view' }, 'groups', 'viewer'],
  [{ 'https://example.com/roles': ['op'] }, 'https://example.com/roles', 'operator'],
  [{ a: { b: { c: ['view'] } } }, 'a.b.c', 'viewer'],
  [{ groups: 'operator op' }, 'groups', undefined],
  [{ groups: { op: true } }, 'groups', undefined],
  [{ groups: null }, 'groups.op', undefined],
  [{}, 'constructor.name', undefined],
])('the claims %j with the path %s give the role %s', (claims, roleClaim, role) => {
  const rules = { roleClaim, operatorValue: 'op', viewerValue: 'view' };
  expect(oidcRole(claims, rules)).toBe(role);
});

test('no value is configured for a role that nobody shall get', () => {
  const rules = { roleClaim: 'missing', operatorValue: undefined, viewerValue: undefined };
  expect(oidcRole({}, rules)).toBeUndefined();
});

describe('the configuration', () => {
  const whole = {
    DATABASE_URL: 'postgres://u:p@h/d',
    AMQP_URL: 'amqp://u:p@h',
    HTTP_PORT: '0',
    CONSOLE_URL: 'https://backup.example.com',
    OIDC_ISSUER: 'https://sso.example.com/realms/ovirt',
    OIDC_CLIENT_ID: 'backup-awareness',
    OIDC_CLIENT_SECRET: 'secret',
    OIDC_ROLE_CLAIM: 'realm_access.roles',
    OIDC_VIEWER_VALUE: 'viewer',
  };
  const read = (texts: object) => oidcConfiguration(CONSOLE_VARIABLES.parse(texts));

  test('is none without an issuer', () => {
    expect(read({ ...whole, OIDC_ISSUER: undefined })).toBeUndefined();
    expect(read(whole)?.callback.href).toBe('https://backup.example.com/sign-in/oidc/callback');
  });

  test.each([
    'CONSOLE_URL',
    'OIDC_CLIENT_ID',
    'OIDC_CLIENT_SECRET',
    'OIDC_ROLE_CLAIM',
    'OIDC_VIEWER_VALUE',
  ])('is refused without %s', (name) => {
    expect(() => read({ ...whole, [name]: undefined })).toThrow(name);
  });

  test.each(['http://sso.example.com', 'sso.example.com', 'ftp://sso.example.com'])(
    'is refused with the issuer %s',
    (issuer) => expect(() => read({ ...whole, OIDC_ISSUER: issuer })).toThrow('an https URL'),
  );
});
