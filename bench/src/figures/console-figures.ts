import { createToken } from '@backup-awareness/database';
import { fillLog } from '../engines.js';
import { atMost, type Figure, type FigureGroup } from '../figure.js';
import { clearTables, type Stage } from '../stage.js';
import { median, quantile } from '../statistics.js';

const ENGINES = 10_000;
const REPORTS = 100_000;
const CLIENTS = 20;
const REQUESTS_EACH = 30;
/** In the first ones, V8 still compiles. */
const WARM_UP_EACH = 5;

/** What people wait for in the console, while as many of them ask at once as fast as they get answers; and the size of its page. */
export const console_: FigureGroup = {
  name: 'console',
  async measure(stage) {
    const { console, progress, signal } = stage;
    await clearTables(stage);
    await progress.step(
      `Filling the log to ${REPORTS.toLocaleString('en')} reports of ${ENGINES.toLocaleString('en')} engines`,
      () => fillLog(stage, { engines: ENGINES, from: 0, to: REPORTS }),
      'filled',
    );
    const { secret } = await createToken(stage.owner, {
      name: `bench-${Date.now()}`,
      role: 'viewer',
      who: 'bench',
    });
    await console.start(signal);
    try {
      return [
        await answers(stage, secret, 'overview_10k_p95_ms', '/overview'),
        await answers(stage, secret, 'engines_page_10k_p95_ms', '/engines?limit=100'),
        await firstLoad(console.url),
      ];
    } finally {
      await console.stop();
    }
  },
};

async function answers(
  { console, progress, signal }: Stage,
  token: string,
  name: string,
  path: string,
): Promise<Figure> {
  const ask = async (): Promise<number> => {
    const startedAtMs = performance.now();
    const answer = await fetch(`${console.url}/api/v1${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal,
    });
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text}`);
    return performance.now() - startedAtMs;
  };
  const client = async (): Promise<number[]> => {
    const durations: number[] = [];
    for (let time = -WARM_UP_EACH; time < REQUESTS_EACH; time += 1) {
      const ms = await ask();
      if (time >= 0) durations.push(ms);
    }
    return durations;
  };
  const all = await progress.step(
    `${CLIENTS} clients, ${REQUESTS_EACH} times ${path} each`,
    async () => (await Promise.all(Array.from({ length: CLIENTS }, client))).flat(),
    'measured',
  );
  const alone = await ask();
  return {
    name,
    what: `ms (95 of 100) for GET ${path} with ${ENGINES} engines, by ${CLIENTS} clients at once`,
    ours: quantile(all, 0.95),
    other: null,
    target: atMost(100),
    note: `median ${median(all).toFixed(0)}, one client alone ${alone.toFixed(0)}`,
  };
}

/** By the sizes of the files: what a browser loads before it shows anything, without fonts and pictures. */
async function firstLoad(url: string): Promise<Figure> {
  const index = await (await fetch(url)).text();
  const loaded = [...index.matchAll(/<(?:script|link)\b[^>]*?(?:src|href)="([^"]+)"/g)].map(
    ([, path]) => path!,
  );
  const sizes = await Promise.all(['/', ...loaded].map((path) => compressedBytes(url + path)));
  return {
    name: 'first_load_kb',
    what: 'kB, compressed, of index.html and the scripts and styles that it names',
    ours: sizes.reduce((sum, size) => sum + size, 0) / 1_000,
    other: null,
    target: atMost(350),
    note: `${loaded.length} files beside index.html`,
  };
}

async function compressedBytes(url: string): Promise<number> {
  const { status, headers } = await fetch(url, {
    method: 'HEAD',
    headers: { 'accept-encoding': 'br' },
  });
  const length = Number(headers.get('content-length'));
  if (status !== 200 || !(length > 0))
    throw new Error(`${url}: expected a file, got ${status} with ${length} bytes`);
  return length;
}
