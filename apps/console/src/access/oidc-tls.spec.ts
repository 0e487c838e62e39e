import { createAuthority, freePort, type Authority } from '@backup-awareness/testing';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { oidcBrowser } from '../spec/oidc-browser.js';
import {
  CLIENT,
  runOidcProvider,
  type OidcProvider,
} from '@backup-awareness/testing/run-oidc-provider';
import { useConsole, type ServedConsole } from '../spec/use-console.js';

const folder = mkdtempSync(join(tmpdir(), 'oidc-tls-'));
const trusted = join(folder, 'trusted.pem');

let served: ServedConsole;
let provider: OidcProvider;
let authority: Authority;
useConsole((it) => (served = it), {
  configure: async () => {
    authority = createAuthority(join(folder, 'own'), 'own');
    process.env['OIDC_CA_FILE'] = trusted;
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    provider = await runOidcProvider({
      callback: `${url}/sign-in/oidc/callback`,
      claimsOf: (account) => ({ preferred_username: account, realm_access: { roles: [account] } }),
      certificate: authority.issue('provider'),
    });
    return {
      HTTP_PORT: port,
      CONSOLE_URL: url,
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: CLIENT.id,
      OIDC_CLIENT_SECRET: CLIENT.secret,
      OIDC_ROLE_CLAIM: 'realm_access.roles',
      OIDC_OPERATOR_VALUE: 'operator',
    };
  },
});
afterAll(async () => {
  delete process.env['OIDC_CA_FILE'];
  await provider?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const { signIn, session } = oidcBrowser(
  () => served,
  () => readFileSync(authority.cert, 'utf8'),
);

const begin = () => served.ask('GET', '/sign-in/oidc', { token: null });

test('a provider whose authority is not trusted signs nobody in, and it is said why', async () => {
  const problem = {
    status: 503,
    json: {
      detail: expect.stringContaining('is signed by another authority than the trusted one'),
    },
  };
  expect(await begin()).toMatchObject(problem);
  copyFileSync(createAuthority(join(folder, 'other'), 'other').cert, trusted);
  expect(await begin()).toMatchObject(problem);
});

test('a provider with a private authority signs people in, once the file has its certificate', async () => {
  copyFileSync(authority.cert, trusted);
  const { answer, cookies } = await signIn('operator');
  expect(answer.status).toBe(303);
  expect((await session(cookies)).json).toMatchObject({ role: 'operator' });
});

test('what the ID token does not say is asked there, too', async () => {
  copyFileSync(authority.cert, trusted);
  expect((await signIn('nobody')).answer).toMatchObject({
    status: 403,
    json: { detail: expect.stringContaining('has no role') },
  });
});
