import { eventually } from '@backup-awareness/testing';
import type { Browser, Locator, Page } from 'playwright-core';
import { startProduct, THIS_HOST, type Product } from '../product.js';
import { accessibilityFindings, launchBrowser, openConsole, settled } from './browser.js';
import { fillFleet } from './fleet.js';

let product: Product;
let browser: Browser;
beforeAll(async () => {
  product = await startProduct();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
});

describe('somebody opens the link that npm start prints', () => {
  it('sees that this host has no full backup, and turns it green without touching the page', async () => {
    const link = /http:\S+\/sign-in\?link=\S+/.exec(product.output())![0];
    const page = await (await browser.newContext()).newPage();
    await page.goto(link);

    await page
      .getByText(/at risk/)
      .first()
      .waitFor();
    expect(await page.getByText(THIS_HOST).count()).toBeGreaterThan(0);
    await page
      .getByText(/engine-backup .*--scope=all/)
      .first()
      .waitFor();
    expect(await page.title()).toMatch(/^✕ 1 · /);

    const visits = await page.evaluate('performance.timeOrigin');
    await product.reportFullBackup(THIS_HOST);
    await page
      .getByText(/is safe|are safe/)
      .first()
      .waitFor();
    expect(await page.title()).not.toMatch(/✕/);
    expect(await page.evaluate('performance.timeOrigin')).toBe(visits);
    await page.context().close();
  });
});

/** Opens a menu, and sees that it is below its button. */
const openMenu = (name: string) => async (page: Page) => {
  const button = page.getByRole('button', { name });
  await button.click();
  const menu = page.getByRole('menu');
  await menu.waitFor();
  const endOf = async (element: Locator) => {
    const { x, width } = (await element.boundingBox())!;
    return x + width;
  };
  await eventually(async () =>
    expect(Math.abs((await endOf(menu)) - (await endOf(button)))).toBeLessThan(5),
  );
};

const showTooltip = async (page: Page) => {
  await page.locator('main time').first().hover();
  await page.getByRole('tooltip').waitFor();
};

/** By how many pixels the page is wider than its window. */
const SIDEWAYS = `(() => {
  const main = document.querySelector('main') ?? document.body;
  return Math.max(document.documentElement.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth);
})()`;

const PAGES = [
  ['/', /./],
  ['/engines', /Engines/],
  ['/engines/engine-0001.example.com', /engine-0001/],
  ['/alerts', /Alerts/],
  ['/audit', /Audit log/],
  ['/settings', /Settings/],
  ['/dead-letters', /Dead letters/],
  ['/system', /System/],
  ['/reports', /Report/],
  ['/subscribe', /Subscribe/],
  ['/kiosk', /./],
] as const;

describe('with a hundred engines', () => {
  beforeAll(() => fillFleet(product, 100, 30));

  describe.each(PAGES)('%s', (path, title) => {
    it.each(['light', 'dark'] as const)(
      '%s: axe finds nothing, no script complains',
      async (colorScheme) => {
        const { page, complaints, close } = await openConsole(browser, product, { colorScheme });
        await page.goto(path);
        await settled(page);
        expect(await accessibilityFindings(page)).toEqual([]);
        expect(complaints).toEqual([]);
        await close();
      },
    );

    it('has one h1 and a title of its own, and fits a phone without sideways scrolling', async () => {
      const { page, close } = await openConsole(browser, product, {
        viewport: { width: 390, height: 844 },
        reducedMotion: 'reduce',
      });
      await page.goto(path);
      await settled(page);
      expect(await page.locator('h1').count()).toBe(1);
      expect(await page.locator('h1').innerText()).toMatch(title);
      expect(await page.title()).toMatch(/· Backup Awareness$/);
      const wider = await page.evaluate<number>(SIDEWAYS);
      expect(wider).toBeLessThanOrEqual(0);
      await close();
    });
  });

  it.each([
    ['the menu of a row', '/engines', openMenu('Actions for engine-0001.example.com')],
    ['the menu of the theme', '/', openMenu('Theme')],
    ['the tooltip of an instant', '/', showTooltip],
  ] as const)(
    '%s is part of the page: axe finds nothing while it is open',
    async (_, path, open) => {
      const { page, close } = await openConsole(browser, product);
      await page.goto(path);
      await settled(page);
      await open(page);
      expect(await accessibilityFindings(page)).toEqual([]);
      await close();
    },
  );

  it('the keyboard alone leads from the address bar to an engine and back', async () => {
    const { page, close } = await openConsole(browser, product);
    await page.goto('/engines');
    await settled(page);
    const focused = () => page.evaluate<string>(`document.activeElement?.textContent ?? ''`);
    for (let tabs = 0; tabs < 60 && !/^engine-\d+/.test(await focused()); tabs += 1)
      await page.keyboard.press('Tab');
    const name = (await focused()).trim();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/engines/${name}`);
    await page.goBack();
    await page.waitForURL('**/engines');
    await close();
  });

  it('what moves stands still for who asks for that', async () => {
    const { page, close } = await openConsole(browser, product, { reducedMotion: 'reduce' });
    await page.goto('/');
    await settled(page);
    const moving = await page.evaluate<number>(
      `document.getAnimations().filter(({ playState }) => playState === 'running').length`,
    );
    expect(moving).toBe(0);
    await close();
  });
});
