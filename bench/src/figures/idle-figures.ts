import { setTimeout as sleep } from 'node:timers/promises';
import { disposeRunDirectory, openRunDirectory } from '@backup-awareness/local-servers';
import { makeTemporaryRunDirectory, npmStart, type NpmStart } from '@backup-awareness/testing';
import { atMost, type Figure, type FigureGroup } from '../figure.js';
import { usageOf, type TreeUsage } from '../process-tree.js';
import type { Stage } from '../stage.js';

/** Long enough for V8 to collect what the start has left. */
const SETTLE_MS = 60_000;
/** Three times as long as what a service does most rarely at rest: it compares the topology every minute. */
const WATCH_MS = 180_000;

/** The whole installation with one engine and no notifier while nothing happens: all processes of `npm start`, but npm's own. */
export const idle: FigureGroup = {
  name: 'idle',
  async measure(stage) {
    const folder = makeTemporaryRunDirectory('bench-idle-');
    try {
      return await measureIdle(stage, folder);
    } finally {
      await disposeRunDirectory(await openRunDirectory(folder));
    }
  },
};

async function measureIdle({ progress, signal }: Stage, folder: string): Promise<Figure[]> {
  const start = await progress.step('npm start', () => npmStart(folder));
  try {
    await progress.step('idle, until it has settled', () => rest(SETTLE_MS, signal), 'settled');
    const before = usageOf(start.pid);
    await progress.step('idle', () => rest(WATCH_MS, signal), 'measured');
    return figuresOf(before, usageOf(start.pid), start);
  } finally {
    await start.end('SIGTERM');
  }
}

const rest = (ms: number, signal: AbortSignal) => sleep(ms, undefined, { signal });

function figuresOf(before: TreeUsage, after: TreeUsage, start: NpmStart): Figure[] {
  const names = new Map(
    Object.entries(start.endpoints().services).map(([name, { pid }]) => [pid, name]),
  ).set(start.pid, 'npm start');
  const cpuMsBefore = new Map(before.parts.map(({ pid, cpuMs }) => [pid, cpuMs]));
  const parts = after.parts.map(({ pid, name, cpuMs, memoryMib }) => ({
    name: names.get(pid) ?? name,
    percent: ((cpuMs - (cpuMsBefore.get(pid) ?? 0)) / WATCH_MS) * 100,
    memoryMib,
  }));
  const sumOf = (figure: 'percent' | 'memoryMib') =>
    parts.reduce((sum, part) => sum + part[figure], 0);
  const each = (figure: 'percent' | 'memoryMib', digits: number) =>
    parts.map((part) => `${part.name} ${part[figure].toFixed(digits)}`).join(', ');
  return [
    {
      name: 'idle_cpu_percent',
      what: `% of one core for all processes of npm start (without npm itself), one engine, nothing happening, over ${WATCH_MS / 1_000} s`,
      ours: sumOf('percent'),
      other: null,
      target: atMost(3),
      note: each('percent', 2),
    },
    {
      name: 'idle_pss_mib',
      what: 'MiB that all of them hold, what they share counted once',
      ours: sumOf('memoryMib') + after.filesMib,
      other: null,
      target: atMost(380),
      note: `${each('memoryMib', 0)}, program files ${after.filesMib.toFixed(0)}`,
    },
  ];
}
