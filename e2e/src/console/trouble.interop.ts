import type { Browser } from 'playwright-core';
import { startProduct, THIS_HOST, type Product } from '../product.js';
import { launchBrowser, openConsole } from './browser.js';

let product: Product;
let browser: Browser;
beforeAll(async () => {
  product = await startProduct();
  browser = await launchBrowser();
  await product.reportFullBackup(THIS_HOST);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

const pidOf = (service: string) => product.endpoints().services[service]!.pid;

it('a console that is killed: the page says that the connection is lost, is not green, and catches up', async () => {
  const { page, close } = await openConsole(browser, product);
  await page.goto('/');
  await page
    .getByText(/is safe/)
    .first()
    .waitFor();
  const before = pidOf('console');
  await page.context().route('**/api/**', (route) => route.abort());
  process.kill(before, 'SIGKILL');
  await page.getByText('The connection to the console is lost').first().waitFor();
  await page.getByText('We do not know.').first().waitFor({ timeout: 120_000 });
  expect(await page.getByText(/is safe/).count()).toBe(0);
  await page.context().unroute('**/api/**');
  await page
    .getByText(/is safe/)
    .first()
    .waitFor({ timeout: 60_000 });
  await page.getByText('Live', { exact: true }).waitFor({ timeout: 60_000 });
  expect(await page.getByText('The connection to the console is lost').count()).toBe(0);
  expect(pidOf('console')).not.toBe(before);
  await close();
});

it('a part of the page that cannot be loaded: the sentence stays, and the page is loaded again when the console answers', async () => {
  const { page, close } = await openConsole(browser, product);
  const part = '**/assets/engine-view*.js';
  let isAway = true;
  await page.context().route(part, (route) => (isAway ? route.abort() : route.continue()));
  await page.context().route('/', (route) => {
    const isAsked = route.request().method() === 'HEAD';
    return isAsked && isAway ? route.abort() : route.continue();
  });
  const refused = page.waitForEvent('requestfailed', (one) => /engine-view/.test(one.url()));
  await page.goto('/');
  await refused;
  await page
    .getByText(/is safe/)
    .first()
    .waitFor();
  expect(await page.getByRole('heading', { name: 'What happens next' }).count()).toBe(0);
  isAway = false;
  await page.getByRole('heading', { name: 'What happens next' }).waitFor();
  await page
    .getByText(/is safe/)
    .first()
    .waitFor();
  await close();
});

it('two tabs of one browser share one connection, and both change', async () => {
  const { page, close } = await openConsole(browser, product);
  const streams: string[] = [];
  page.context().on('request', (request) => {
    if (request.url().endsWith('/api/v1/events')) streams.push(request.url());
  });
  await page.goto('/');
  const other = await page.context().newPage();
  await other.goto('/');
  for (const tab of [page, other]) await tab.getByText('Live', { exact: true }).waitFor();
  expect(streams).toHaveLength(1);

  const added = 'twice-looked-at.example.com';
  await product.cli('engines', 'add', added);
  for (const tab of [page, other])
    await tab
      .getByText(/at risk/)
      .first()
      .waitFor();

  // The first tab had the connection; the other takes over.
  await page.close();
  await product.reportFullBackup(added);
  await other
    .getByText(/are safe/)
    .first()
    .waitFor();
  await product.cli('engines', 'retire', added);
  await close();
});

it('a checker that is stopped: the page says that it does not know', async () => {
  const { page, close } = await openConsole(browser, product);
  await page.goto('/');
  await page
    .getByText(/is safe/)
    .first()
    .waitFor();
  const stopped = pidOf('freshness-checker');
  process.kill(stopped, 'SIGSTOP');
  try {
    await page.getByText('We do not know.').first().waitFor({ timeout: 200_000 });
    await page
      .getByText(/^Engines are not checked/)
      .first()
      .waitFor();
    expect(await page.getByText(/is safe/).count()).toBe(0);
    expect(await page.title()).toMatch(/^\? · /);
  } finally {
    process.kill(stopped, 'SIGCONT');
  }
  await page
    .getByText(/is safe/)
    .first()
    .waitFor({ timeout: 120_000 });
  await close();
}, 400_000);
