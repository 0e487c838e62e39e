import { eventually } from '@backup-awareness/testing';
import type { AxeResults } from 'axe-core';
import { createRequire } from 'node:module';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Product } from '../product.js';

export { launchBrowser } from '@backup-awareness/testing/chromium';

/** A page that is signed in, with what went wrong in it. */
export interface ConsolePage {
  readonly page: Page;
  /** Errors of scripts, and what the content security policy has refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export interface OpenOptions extends BrowserContextOptions {
  /** Instead of the operator's token. */
  readonly token?: string;
}

/** A browser of its own, so with its own cookies, which has signed in by a token. */
export async function openConsole(
  browser: Browser,
  product: Product,
  { token, ...options }: OpenOptions = {},
): Promise<ConsolePage> {
  const { consoleUrl, consoleToken } = consoleOf(product);
  const context = await browser.newContext({
    baseURL: consoleUrl,
    locale: 'en-GB',
    timezoneId: 'UTC',
    ...options,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' && !/Failed to load resource/.test(message.text()))
      complaints.push(message.text());
  });
  // A console that was just killed is not back yet.
  await eventually(async () => {
    const data = { token: token ?? consoleToken };
    const answer = await context.request.post('/api/v1/session', { data });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  }, 60_000);
  return { page, complaints, close: () => context.close() };
}

interface ConsoleEndpoints {
  readonly consoleUrl: string;
  readonly consoleToken: string;
}

export function consoleOf(product: Product): ConsoleEndpoints {
  const { consoleUrl, consoleToken } = product.endpoints() as Partial<ConsoleEndpoints>;
  if (consoleUrl === undefined || consoleToken === undefined)
    throw new Error('endpoints.json has no consoleUrl and consoleToken');
  return { consoleUrl, consoleToken };
}

/** Nothing is being loaded any more. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').first().waitFor();
  await eventually(async () => {
    const waiting = await page.locator('.pf-v6-c-spinner, .pf-v6-c-skeleton').count();
    if (waiting > 0) throw new Error(`${waiting} parts are still loading`);
  });
  await page.waitForLoadState('domcontentloaded');
}

const AXE = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

/** What axe finds wrong in the page, as one line for each place; none is right. */
export async function accessibilityFindings(page: Page): Promise<string[]> {
  // Not by a script element, which the content security policy refuses.
  await page.evaluate(await axeSource());
  const { violations } = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })`,
  )) as AxeResults;
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id} (${help}) at ${target.join(' ')}: ${failureSummary}`,
    ),
  );
}

let source: string | undefined;

async function axeSource(): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return (source ??= await readFile(AXE, 'utf8'));
}
