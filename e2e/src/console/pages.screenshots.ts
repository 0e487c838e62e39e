import { CHECKOUT, eventually } from '@backup-awareness/testing';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { startProduct, type Product } from '../product.js';
import { launchBrowser, openConsole, settled } from './browser.js';
import { fillFleet } from './fleet.js';

const ENGINE = 'engine-0001.example.com';
const PAGES: Readonly<Record<string, string>> = {
  overview: '/',
  engines: '/engines',
  engine: `/engines/${ENGINE}`,
  alerts: '/alerts',
  audit: '/audit',
  settings: '/settings',
  'dead-letters': '/dead-letters',
  system: '/system',
  reports: '/reports',
  subscribe: '/subscribe',
  kiosk: '/kiosk',
};

const LOOKS = {
  light: { colorScheme: 'light', viewport: { width: 1440, height: 900 } },
  dark: { colorScheme: 'dark', viewport: { width: 1440, height: 900 } },
  phone: { colorScheme: 'light', viewport: { width: 390, height: 844 } },
} as const;

/** All pictures are put here; those that the documents show are among them (docs/console.md). */
const FOLDER = join(CHECKOUT, '.screenshots');
const SHOWN_FOLDER = join(CHECKOUT, 'docs', 'images', 'console');

const SHOWN = new Set([
  ...Object.keys(PAGES).map((name) => `${name}-100-light`),
  ...['overview-1-light', 'overview-10000-light', 'overview-100-dark', 'overview-100-phone'],
]);

describe.each([1, 100, 10_000])('%i engines', (engines) => {
  let product: Product;
  let browser: Browser;
  beforeAll(async () => {
    for (const folder of [FOLDER, SHOWN_FOLDER]) mkdirSync(folder, { recursive: true });
    product = await startProduct();
    browser = await launchBrowser();
    // The first check of all is made.
    await eventually(async () =>
      expect(
        await product.query('SELECT FROM checker_state WHERE last_check_at IS NOT NULL'),
      ).toHaveLength(1),
    );
    // This host is the first engine.
    if (engines > 1) await fillFleet(product, engines, engines > 100 ? 2 : 60);
    await product.client.publish(
      'ovirt.engine-backup',
      'ENGINE_BACKUP_COMPLETED.db',
      '{"scope":"db","status":"finished"}',
    );
  });
  afterAll(async () => {
    await browser?.close();
    await product?.stop();
  });

  it.each(Object.entries(LOOKS))('%s', async (look, options) => {
    const { page, close } = await openConsole(browser, product, options);
    for (const [name, path] of Object.entries(PAGES)) {
      if (engines === 1 && name === 'engine') continue;
      await page.goto(path);
      await settled(page);
      const picture = `${name}-${engines}-${look}`;
      const folder = SHOWN.has(picture) ? SHOWN_FOLDER : FOLDER;
      await page.screenshot({ path: join(folder, `${picture}.jpg`), type: 'jpeg', quality: 75 });
    }
    await close();
  });
});
