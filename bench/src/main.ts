import { fileURLToPath } from 'node:url';
import { errorText } from '@backup-awareness/contracts/plain';
import { createProgress, type MainOptions } from '@backup-awareness/local-servers';
import type { Figure, FigureGroup } from './figure.js';
import { check } from './figures/check-figures.js';
import { clear } from './figures/clear-figures.js';
import { commands } from './figures/command-figures.js';
import { console_ } from './figures/console-figures.js';
import { audit, ingest } from './figures/drain-figures.js';
import { hosts } from './figures/host-figures.js';
import { idle } from './figures/idle-figures.js';
import { latency } from './figures/latency-figures.js';
import { memory } from './figures/memory-figures.js';
import { page } from './figures/page-figures.js';
import { storm } from './figures/storm-figures.js';
import { loadNow, tableOf, writeResults } from './results.js';
import { onStage, stopServices } from './stage.js';

const GROUPS: readonly FigureGroup[] = [
  ingest,
  audit,
  latency,
  clear,
  storm,
  check,
  hosts,
  commands,
  console_,
  page,
  idle,
  memory,
];
const RESULTS = fileURLToPath(new URL('../results.json', import.meta.url));

/**
 * `npm run bench`: measures all figures, or the groups that are named, on an installation of its own. A group that fails costs no other
 * its figures. Resolves with the exit code.
 */
export async function main({ arguments: names, signal }: MainOptions): Promise<number> {
  process.umask(0o077);
  const progress = createProgress();
  const figures: Figure[] = [];
  const loadBefore = loadNow();
  let failures = 0;
  const fail = (error: unknown) => {
    signal.throwIfAborted();
    failures++;
    process.stderr.write(`backup-awareness: ${errorText(error)}\n`);
  };
  try {
    const groups = chosen(names);
    await onStage(progress, signal, async (stage) => {
      for (const group of groups) {
        await group.measure(stage).then((measured) => figures.push(...measured), fail);
        await stopServices(stage);
      }
    });
  } catch (error) {
    if (signal.aborted) return 130;
    fail(error);
  }
  if (figures.length > 0) {
    const load = { before: loadBefore, after: loadNow() };
    writeResults(RESULTS, figures, load, new Date());
    progress.line(`\n${tableOf(figures)}\nload: ${load.before} before, ${load.after} after`);
  }
  return failures === 0 ? 0 : 1;
}

function chosen(names: readonly string[]): readonly FigureGroup[] {
  if (names.length === 0) return GROUPS;
  return names.map((name) => {
    const group = GROUPS.find((one) => one.name === name);
    if (group) return group;
    throw new Error(
      `unknown group of figures "${name}"; expected one of ${GROUPS.map((one) => one.name).join(', ')}`,
    );
  });
}
