import { fileURLToPath } from 'node:url';
import { errorText } from '@backup-awareness/contracts/plain';
import { createProgress, type MainOptions } from '@backup-awareness/local-servers';
import type { Figure, FigureGroup } from './figure.js';
import { check } from './figures/check-figures.js';
import { commands } from './figures/command-figures.js';
import { audit, ingest } from './figures/drain-figures.js';
import { hosts } from './figures/host-figures.js';
import { latency } from './figures/latency-figures.js';
import { memory } from './figures/memory-figures.js';
import { storm } from './figures/storm-figures.js';
import { tableOf, writeResults } from './results.js';
import { onStage } from './stage.js';

const GROUPS: readonly FigureGroup[] = [
  ingest,
  audit,
  latency,
  storm,
  check,
  hosts,
  commands,
  memory,
];
const RESULTS = fileURLToPath(new URL('../results.json', import.meta.url));

/** `npm run bench`: measures all figures, or those of the named groups, on an installation of its own. Resolves with the exit code. */
export async function main({ arguments: names, signal }: MainOptions): Promise<number> {
  process.umask(0o077);
  const progress = createProgress();
  try {
    const groups = chosen(names);
    const figures = await onStage(progress, signal, async (stage) => {
      const measured: Figure[] = [];
      for (const group of groups) measured.push(...(await group.measure(stage)));
      return measured;
    });
    writeResults(RESULTS, figures, new Date());
    progress.line(`\n${tableOf(figures)}`);
    return 0;
  } catch (error) {
    if (signal.aborted) return 130;
    process.stderr.write(`backup-awareness: ${errorText(error)}\n`);
    return 1;
  }
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
