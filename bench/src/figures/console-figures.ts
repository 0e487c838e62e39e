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

/** How long people wait for the console, while as many of them ask at once as fast as they get answers. */
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
