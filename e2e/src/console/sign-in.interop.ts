import { freePort } from '@backup-awareness/testing';
import {
  CLIENT,
  runOidcProvider,
  type OidcProvider,
} from '@backup-awareness/testing/run-oidc-provider';
import { connect, createServer, type Server } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { startProduct, type Product } from '../product.js';
import { accessibilityFindings, launchBrowser, settled } from './browser.js';

const ROLES: Readonly<Record<string, readonly string[]>> = {
  anna: ['backup-operator'],
  victor: ['backup-viewer'],
  nobody: [],
};

let product: Product;
let browser: Browser;
let provider: OidcProvider;
let proxy: Server;
beforeAll(async () => {
  // The console is given a port when it starts, and the provider has to know the address before: a reverse proxy has it.
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  proxy = createServer((client) => {
    const { hostname, port: own } = new URL(product.endpoints().consoleUrl);
    const server = connect(Number(own), hostname);
    for (const socket of [client, server])
      socket.on('error', () => [client, server].forEach((each) => each.destroy()));
    client.pipe(server).pipe(client);
  }).listen(port, '127.0.0.1');
  provider = await runOidcProvider({
    callback: `${url}/sign-in/oidc/callback`,
    claimsOf: (account) => ({
      preferred_username: account,
      realm_access: { roles: ROLES[account] },
    }),
    // To the browser another site, as a provider is.
    host: 'localhost',
  });
  product = await startProduct({
    CONSOLE_URL: url,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: CLIENT.id,
    OIDC_CLIENT_SECRET: CLIENT.secret,
    OIDC_ROLE_CLAIM: 'realm_access.roles',
    OIDC_OPERATOR_VALUE: 'backup-operator',
    OIDC_VIEWER_VALUE: 'backup-viewer',
  });
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await provider?.stop();
  await product?.stop();
  proxy?.close();
});
afterEach(async () => {
  provider.spoil(undefined);
  await Promise.all(browser.contexts().map((context) => context.close()));
});

const link = () => /http:\S+\/sign-in\?link=\S+/.exec(product.output())![0];
const newPage = async (colorScheme: 'light' | 'dark' = 'light') =>
  (await browser.newContext({ colorScheme })).newPage();

/** From the console's page by its button to the provider, who is told a name. */
async function signInAs(account: string, page: Page): Promise<void> {
  await goToProvider(page);
  await page.getByLabel('Account').fill(account);
  await page.getByRole('button', { name: 'Log in' }).click();
}

async function goToProvider(page: Page): Promise<void> {
  await page.goto(new URL('/', link()).href);
  await page.getByRole('link', { name: 'Sign in with single sign-on' }).click();
  await page.waitForURL((url) => url.href.startsWith(provider.issuer));
}

/** The page for signing in, which says why nobody is. */
async function expectRefused(page: Page, why: string): Promise<void> {
  await page.getByRole('heading', { name: 'Sign in', exact: true }).waitFor();
  await page.getByRole('heading', { name: why }).waitFor();
  expect(await accessibilityFindings(page)).toEqual([]);
  const session = await page.request.get(new URL('/api/v1/session', page.url()).href);
  expect(session.status()).toBe(401);
}

describe('by OpenID Connect', () => {
  it.each([
    ['anna', 'operator', 1],
    ['victor', 'viewer', 0],
  ])('%s goes to the provider and comes back as %s', async (account, role, changes) => {
    const page = await newPage();
    await signInAs(account, page);
    await page.getByRole('button', { name: `oidc:${account} (${account}) (${role})` }).waitFor();
    expect(page.url()).toBe(new URL('/', link()).href);
    await page
      .getByText(/at risk/)
      .first()
      .waitFor();
    await page.goto(new URL('/engines', link()).href);
    await settled(page);
    expect(await page.getByRole('button', { name: 'Add engine' }).count()).toBe(changes);
  });

  it('somebody without a role is told so on the page, and signs in with a token there', async () => {
    const page = await newPage();
    await signInAs('nobody', page);
    await expectRefused(page, 'You have no role in this console.');

    const { consoleToken } = product.endpoints();
    await page.getByRole('textbox', { name: 'Token' }).fill(consoleToken);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page
      .getByText(/at risk/)
      .first()
      .waitFor();
    expect(page.url()).toBe(new URL('/', link()).href);
  });

  it('a forged token signs nobody in, and the page says so', async () => {
    provider.spoil({ claims: (claims) => claims, byForeignKey: true });
    const page = await newPage();
    await signInAs('anna', page);
    await expectRefused(page, 'The answer of single sign-on is not valid');
  });

  it('somebody who gives up at the provider comes back to the page, which says nothing of its words', async () => {
    const page = await newPage();
    await goToProvider(page);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await expectRefused(page, 'Single sign-on did not sign you in.');
    expect(await page.getByText('refused by the provider').count()).toBe(0);
  });
});

it('a link signs in once; in another browser the page says that it was used', async () => {
  const first = await newPage();
  await first.goto(link());
  await first
    .getByText(/at risk/)
    .first()
    .waitFor();
  await first.getByRole('button', { name: 'npm start (operator)' }).waitFor();

  const second = await newPage('dark');
  await second.goto(link());
  await expectRefused(second, 'This link was used already, or is too old.');

  // In the browser that it has signed in, the page says who still is.
  await first.goto(link());
  await first.getByText('You are still signed in as npm start.').waitFor();
  await first.getByRole('link', { name: 'Go to the overview' }).click();
  await first
    .getByText(/at risk/)
    .first()
    .waitFor();
});
