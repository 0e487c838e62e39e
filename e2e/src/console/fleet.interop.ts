import type { Browser } from 'playwright-core';
import { startProduct, type Product } from '../product.js';
import { launchBrowser, openConsole, settled } from './browser.js';
import { fillFleet } from './fleet.js';

const ENGINES = 10_000;
const LAST = 'engine-9999.example.com';

let product: Product;
let browser: Browser;
beforeAll(async () => {
  product = await startProduct();
  browser = await launchBrowser();
  await fillFleet(product, ENGINES, 2);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

it('ten thousand engines: the overview says how many are at risk, with few elements', async () => {
  const { page, complaints, close } = await openConsole(browser, product);
  await page.goto('/');
  await page.getByText(/of 10,00\d engines are at risk/).waitFor();
  await page.locator('canvas').first().waitFor();
  await settled(page);
  expect(await page.evaluate<number>(`document.querySelectorAll('*').length`)).toBeLessThan(3_000);
  expect(complaints).toEqual([]);
  await close();
});

it('ten thousand engines: the table is scrolled to its end, and says on which row one is', async () => {
  const { page, close } = await openConsole(browser, product);
  await page.goto('/engines?sort=fqdn');
  const table = page.locator('table[aria-rowcount]');
  await table.waitFor();
  await settled(page);
  const last = page.getByRole('link', { name: LAST });
  for (let steps = 0; steps < 200 && (await last.count()) === 0; steps += 1) {
    await page.mouse.move(700, 500);
    await page.mouse.wheel(0, 100_000);
    await page.waitForTimeout(50);
  }
  await last.waitFor();
  const row = page.locator('tr', { has: last });
  expect(Number(await row.getAttribute('aria-rowindex'))).toBeGreaterThan(9_990);
  expect(await table.locator('tbody tr').count()).toBeLessThan(200);
  await close();
});

it('the time machine shows an engine as it was, and leads back', async () => {
  const { page, close } = await openConsole(browser, product);
  // The night before: fresh then, too old now.
  const then = new Date(Date.now() - 90 * 60_000).toISOString();
  await page.goto(`/engines/${LAST}?at=${encodeURIComponent(then)}`);
  await page.locator('h1').waitFor();
  await page
    .getByText(/as it was|in the past|Back to now/i)
    .first()
    .waitFor();
  await page.getByRole('button', { name: /now/i }).first().click();
  await page.waitForURL((url) => !url.searchParams.has('at'));
  await close();
});

it("a month's report is printed without what is only for the screen", async () => {
  const { page, close } = await openConsole(browser, product);
  await page.goto('/reports');
  await settled(page);
  await page.emulateMedia({ media: 'print' });
  for (const unprinted of ['.pf-v6-c-masthead', '.pf-v6-c-page__sidebar', 'button'])
    expect([unprinted, await page.locator(unprinted).first().isVisible()]).toEqual([
      unprinted,
      false,
    ]);
  expect(await page.locator('h1').isVisible()).toBe(true);
  expect((await page.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
  await close();
});
