import { addEngine, createToken } from '@backup-awareness/database';
import { launchBrowser } from '@backup-awareness/testing/chromium';
import { connect } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page, Request } from 'playwright-core';
import { framesDuring, overviewDrawn, seen, signedIn, type Seen } from '../console-page.js';
import { fillLog } from '../engines.js';
import { atLeast, atMost, type Figure, type FigureGroup, type Target } from '../figure.js';
import { publishCompleted } from '../reports.js';
import { clearTables, type Stage } from '../stage.js';
import { median, spread } from '../statistics.js';

const ENGINES = 10_000;
/** Of those, so many have no backup. */
const AT_RISK = 200;
const REPORTS = 100_000;
const LOADS = 9;
const SCROLLS = 5;
const CLEARS = 15;
/** What is loaded or moves later than this belongs to no first load. */
const SETTLE_MS = 1_500;
/** As somebody does who looks for something: some 65 rows a second. */
const SCROLL = { px: 20_000, pxPerSecond: 4_000 };

const FIGURES = {
  overview_drawn_10k_ms: {
    what: `ms from navigation until the Overview of ${ENGINES} engines has drawn its sentence, wall and forecast, with nothing cached`,
    target: atMost(1_000),
  },
  largest_paint_ms: {
    what: 'ms from navigation to the largest paint of the same loads, by the browser; the target is that of the figure above',
    target: atMost(1_000),
  },
  layout_shift: {
    what: 'by how much the same loads have moved what was drawn, by the browser: the worst',
    target: atMost(0.01),
  },
  first_load_kb: {
    what: 'kB that the browser has received for the same loads: page, scripts, styles, fonts and pictures, compressed, with headers',
    target: atMost(350),
  },
  scroll_10k_fps: {
    what: `frames a second while the table of ${ENGINES} engines is scrolled by ${SCROLL.pxPerSecond} pixels a second`,
    target: atLeast(50),
  },
  clear_on_screen_ms: {
    what: 'ms from the confirm of the report that completes a full backup until an open Overview is green',
    target: atMost(2_000),
  },
} satisfies Record<string, { what: string; target: Target }>;

function figure(name: keyof typeof FIGURES, ours: number | null, note: string): Figure {
  return { name, ...FIGURES[name], ours, other: null, note };
}

/** What people see of the console in a browser, with ten thousand engines. */
export const page: FigureGroup = {
  name: 'page',
  async measure(stage) {
    const browser = await openBrowser(stage);
    if (browser instanceof Error)
      return (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).map((name) =>
        figure(name, null, browser.message),
      );
    try {
      return await measurePage(stage, browser);
    } finally {
      await browser.close();
    }
  },
};

/** @returns why there is none, where there is none */
async function openBrowser(stage: Stage): Promise<Browser | Error> {
  try {
    await stage.install(
      ['chromium'],
      'the page of the console is measured in a browser, which needs',
    );
    return await launchBrowser();
  } catch (error) {
    stage.signal.throwIfAborted();
    return error as Error;
  }
}

async function measurePage(stage: Stage, browser: Browser): Promise<Figure[]> {
  const { console, owner, progress, signal } = stage;
  await clearTables(stage);
  await stage.database.query('TRUNCATE alert, engine_alert_state, outbox');
  await progress.step(
    `Filling the log to ${REPORTS.toLocaleString('en')} reports of ${(ENGINES - AT_RISK).toLocaleString('en')} engines`,
    () => fillLog(stage, { engines: ENGINES - AT_RISK, from: 0, to: REPORTS }),
    'filled',
  );
  const { secret } = await createToken(owner, {
    name: `bench-page-${Date.now()}`,
    role: 'operator',
    who: 'bench',
  });
  const all = [...Object.values(stage.services), console];
  await Promise.all(all.map((service) => service.start(signal)));
  const open = () => signedIn(browser, console.url, secret);
  try {
    // While all others are fresh: with one at risk the page does not turn green.
    const clears = await progress.step(
      `${CLEARS} engines turn green`,
      () => clearOnScreen(stage, open),
      'measured',
    );
    await progress.step(`${AT_RISK} alerts`, () => addAtRisk(stage), 'raised');
    return [
      ...(await progress.step(
        `${LOADS} loads of the Overview`,
        () => loads(stage, open),
        'measured',
      )),
      await progress.step(
        `${SCROLLS} times scrolling the engines`,
        () => scrolls(stage, open),
        'measured',
      ),
      clears,
    ];
  } finally {
    await Promise.all(all.map((service) => service.stop()));
  }
}

type Open = () => ReturnType<typeof signedIn>;

async function addAtRisk({ database, owner, signal }: Stage): Promise<void> {
  for (let i = 0; i < AT_RISK; i += 1)
    await addEngine(owner, { fqdn: `at-risk-${i}.example.com`, who: 'bench' });
  for (;;) {
    const { rows } = await database.query<{ count: number }>(
      'SELECT count(*)::int AS count FROM alert WHERE cleared_at IS NULL',
    );
    if (rows[0]!.count >= AT_RISK) return;
    await sleep(500, undefined, { signal });
  }
}

interface Load extends Seen {
  readonly bytes: ReadonlyMap<string, number>;
}

async function loads({ signal }: Stage, open: Open): Promise<Figure[]> {
  // The first one starts processes of the browser, and has V8 compile the console.
  await load(open);
  const all: Load[] = [];
  for (let time = 0; time < LOADS; time += 1) {
    signal.throwIfAborted();
    all.push(await load(open));
  }
  const sentences = all.map(({ sentence }) => sentence!);
  const drawn = all.map(({ overview }) => overview!);
  const paints = all.map(({ largestPaint }) => largestPaint);
  const shifts = all.map(({ shift }) => shift);
  const moved = [...new Set(all.flatMap((one) => one.moved))];
  const { bytes } = all[0]!;
  const received = [...bytes.values()].reduce((sum, one) => sum + one, 0);
  return [
    figure(
      'overview_drawn_10k_ms',
      median(drawn),
      `${spread(drawn)}; its sentence ${median(sentences).toFixed(0)}, ${spread(sentences)}`,
    ),
    figure('largest_paint_ms', median(paints), spread(paints)),
    figure(
      'layout_shift',
      Math.max(...shifts),
      moved.length > 0 ? `moved: ${moved.join(', ')}` : 'nothing has moved',
    ),
    figure(
      'first_load_kb',
      received / 1_000,
      [...bytes].map(([kind, one]) => `${kind} ${(one / 1_000).toFixed(0)}`).join(', '),
    ),
  ];
}

const DATA = ['fetch', 'xhr', 'eventsource'];

async function load(open: Open): Promise<Load> {
  const context = await open();
  const page = await context.newPage();
  const requests: Request[] = [];
  page.on('requestfinished', (request) => requests.push(request));
  await page.goto('/', { waitUntil: 'commit' });
  await overviewDrawn(page);
  await sleep(SETTLE_MS);
  const bytes = new Map<string, number>();
  for (const request of requests) {
    const kind = request.resourceType();
    if (DATA.includes(kind)) continue;
    const { responseBodySize, responseHeadersSize } = await request.sizes();
    bytes.set(kind, (bytes.get(kind) ?? 0) + responseBodySize + responseHeadersSize);
  }
  const what = await seen(page);
  await context.close();
  return { ...what, bytes };
}

async function scrolls({ signal }: Stage, open: Open): Promise<Figure> {
  const all: Awaited<ReturnType<typeof framesDuring>>[] = [];
  for (let time = 0; time < SCROLLS; time += 1) {
    signal.throwIfAborted();
    const context = await open();
    const page = await context.newPage();
    await page.goto('/engines');
    await page.locator('.engines-row').first().waitFor();
    await sleep(SETTLE_MS);
    all.push(await framesDuring(page, () => scroll(page)));
    await context.close();
  }
  const perSecond = all.map((one) => one.perSecond);
  return figure(
    'scroll_10k_fps',
    median(perSecond),
    `${spread(perSecond)}; the longest frame ${median(all.map(({ longestMs }) => longestMs)).toFixed(0)} ms`,
  );
}

/** As by a wheel that turns evenly. @throws where that has not scrolled the table */
async function scroll(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send('Input.synthesizeScrollGesture', {
    ...{ x: 700, y: 500, gestureSourceType: 'mouse' },
    ...{ yDistance: -SCROLL.px, speed: SCROLL.pxPerSecond },
  });
  const scrolled = await page.evaluate<number>(
    `document.querySelector('.engines-scroller').scrollTop`,
  );
  if (scrolled < SCROLL.px / 2)
    throw new Error(
      `the table was expected to be scrolled by ${SCROLL.px} pixels, got ${scrolled}`,
    );
}

async function clearOnScreen(stage: Stage, open: Open): Promise<Figure> {
  const context = await open();
  const page = await context.newPage();
  await page.goto('/');
  const turns = (kind: 'safe' | 'risk') => page.locator(`.status-panel-${kind}`).waitFor();
  await turns('safe');
  const broker = await connect(stage.amqpUrl, { noDelay: true });
  const latencies: number[] = [];
  try {
    const channel = await broker.createConfirmChannel();
    for (let time = 0; time < CLEARS; time += 1) {
      const fqdn = `clear-${time}.example.com`;
      await addEngine(stage.owner, { fqdn, who: 'bench' });
      await turns('risk');
      await publishCompleted(channel, 'db', fqdn);
      // What that report has changed is on the page by then.
      await sleep(2_000 + Math.random() * 1_000, undefined, { signal: stage.signal });
      await publishCompleted(channel, 'files', fqdn);
      const confirmedAtMs = performance.now();
      await turns('safe');
      latencies.push(performance.now() - confirmedAtMs);
    }
  } finally {
    await broker.close();
    await context.close();
  }
  return figure('clear_on_screen_ms', median(latencies), spread(latencies));
}
