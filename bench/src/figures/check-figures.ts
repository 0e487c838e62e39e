import { setTimeout as sleep } from 'node:timers/promises';
import { atMost, type Figure, type FigureGroup } from '../figure.js';
import type { Stage } from '../stage.js';
import { clearTables } from '../stage.js';
import { median, spread } from '../statistics.js';
import { changeSetting, fillLog } from '../engines.js';

const ENGINES = 10_000;
const FEW_ROWS = 100_000;
const MANY_ROWS = 10_000_000;
const CHECKS = 15;
/** In the first ones, V8 still compiles. */
const WARM_UP = 5;
const ONE_SECOND_IN_HOURS = '0.000278';

/** One full check by the checker's own metric, over few reports and over many. */
export const check: FigureGroup = {
  name: 'check',
  async measure(stage) {
    await clearTables(stage);
    await fill(stage, 0, FEW_ROWS);
    const few = await checksMs(stage);
    await fill(stage, FEW_ROWS, MANY_ROWS);
    const many = await checksMs(stage);
    return [absolute(many), growth(many, few)];
  },
};

function absolute(many: readonly number[]): Figure {
  return {
    name: 'check_10k_engines_ms',
    what: `ms for one full check of ${ENGINES} engines over ${MANY_ROWS} rows`,
    ours: median(many),
    other: null,
    target: atMost(50),
    note: spread(many),
  };
}

function growth(many: readonly number[], few: readonly number[]): Figure {
  return {
    name: 'check_growth',
    what: `ms for one full check, against the same over ${FEW_ROWS} rows`,
    ours: median(many),
    other: median(few),
    target: atMost(1.2),
    note: `${spread(many)} against ${spread(few)}`,
  };
}

async function fill(stage: Stage, from: number, to: number): Promise<void> {
  const title = `Filling the log to ${to.toLocaleString('en')} reports of ${ENGINES.toLocaleString('en')} engines`;
  await stage.progress.step(title, () => fillLog(stage, { engines: ENGINES, from, to }), 'filled');
}

async function checksMs(stage: Stage): Promise<number[]> {
  const checker = stage.services['freshness-checker'];
  await changeSetting(stage, 'BackupCheckPeriodInHours', ONE_SECOND_IN_HOURS);
  await checker.start(stage.signal);
  const durations = await stage.progress.step(
    `${CHECKS} checks`,
    () => nextChecksMs(stage, checker.url),
    'measured',
  );
  await checker.stop();
  await changeSetting(stage, 'BackupCheckPeriodInHours', '6');
  return durations.slice(WARM_UP);
}

/** Reads the metrics once after each check: reading them more often would slow down what is measured. */
async function nextChecksMs({ database, signal }: Stage, url: string): Promise<number[]> {
  const durations: number[] = [];
  let lastAt: string | null = null;
  while (durations.length < CHECKS) {
    const { rows } = await database.query('SELECT last_check_at::text AS at FROM checker_state');
    const at: string | null = rows[0].at;
    const isNew = at !== lastAt;
    lastAt = at;
    const text = isNew ? await (await fetch(`${url}/metrics`, { signal })).text() : '';
    const seconds = /^backup_awareness_last_check_duration_seconds (\S+)$/m.exec(text)?.[1];
    if (seconds !== undefined) durations.push(Number(seconds) * 1_000);
    await sleep(100, undefined, { signal });
  }
  return durations;
}
