import { eventually } from '@backup-awareness/testing';
import type { Browser, BrowserContext, Page } from 'playwright-core';

/** A browser of its own, with nothing in its cache, that is signed in to the console at `url`. */
export async function signedIn(
  browser: Browser,
  url: string,
  token: string,
): Promise<BrowserContext> {
  const context = await browser.newContext({
    baseURL: url,
    locale: 'en-GB',
    viewport: { width: 1_440, height: 900 },
  });
  const answer = await context.request.post('/api/v1/session', { data: { token } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  await context.addInitScript(WATCH);
  return context;
}

/** What the page's own clock and observers have seen; times in milliseconds from the navigation on. */
export interface Seen {
  /** When the sentence was on the screen; null until it is. */
  readonly sentence: number | null;
  /** The same of the sentence, the wall and the forecast. */
  readonly overview: number | null;
  readonly largestPaint: number;
  /** The sum of all that nobody has caused. */
  readonly shift: number;
  /** What has moved, by its class. */
  readonly moved: readonly string[];
}

export const seen = (page: Page): Promise<Seen> => page.evaluate<Seen>('watched');

/** Resolves when sentence, wall and forecast are drawn. */
export async function overviewDrawn(page: Page): Promise<void> {
  // Not by `waitForFunction`, which the content security policy refuses to evaluate a text.
  await eventually(async () => {
    if ((await seen(page)).overview === null) throw new Error('the overview is not drawn yet');
  }, 60_000);
}

/** How many frames a second the page has drawn while `work` went on, and how long the longest has taken in milliseconds. */
export async function framesDuring(
  page: Page,
  work: () => Promise<unknown>,
): Promise<{ readonly perSecond: number; readonly longestMs: number }> {
  await page.evaluate(`watched.frames = []`);
  await work();
  const at = await page.evaluate<number[]>('watched.frames');
  const lengths = at.slice(1).map((time, i) => time - at[i]!);
  const ms = lengths.reduce((sum, length) => sum + length, 0);
  return { perSecond: (lengths.length / ms) * 1_000, longestMs: Math.max(...lengths) };
}

/** Runs before the page's own scripts. What is there when a frame begins is on the screen when the next one does. */
const WATCH = `(() => {
  const watched = (window.watched = { sentence: null, overview: null, largestPaint: 0, shift: 0, moved: [], frames: undefined });
  const is = (selector) => document.querySelector(selector) !== null;
  const isSaid = () => is('.status-panel-safe h1, .status-panel-risk h1');
  // A canvas is 150 high until it is drawn for the first time.
  const isDrawn = () => isSaid() && is('.chart-steps-line') && (document.querySelector('.wall-canvas canvas')?.height ?? 150) !== 150;
  let wasSaid = false;
  let wasDrawn = false;
  const frame = (at) => {
    watched.frames?.push(at);
    if (wasSaid) watched.sentence ??= performance.now();
    if (wasDrawn) watched.overview ??= performance.now();
    wasSaid ||= isSaid();
    wasDrawn ||= isDrawn();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
  const observe = (type, see) =>
    new PerformanceObserver((list) => list.getEntries().forEach(see)).observe({ type, buffered: true });
  observe('largest-contentful-paint', ({ startTime }) => (watched.largestPaint = startTime));
  observe('layout-shift', ({ value, hadRecentInput, sources }) => {
    if (hadRecentInput) return;
    watched.shift += value;
    for (const { node } of sources) watched.moved.push(node?.className || node?.nodeName || 'something');
  });
})()`;
