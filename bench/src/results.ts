import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, platform, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { isReached, judged, type Figure } from './figure.js';

const number = (value: number): string =>
  value
    .toLocaleString('en', { maximumSignificantDigits: value >= 1_000 ? 9 : 3 })
    .replace(/\.\d+$/, (fraction) => (value >= 1_000 ? '' : fraction));

const REACHED = new Map([
  [true, 'yes'],
  [false, 'no'],
  [null, ''],
]);

/** Null for an absolute figure, which has no other side. */
const ratioOf = (figure: Figure): number | null => (figure.other === null ? null : judged(figure));

/** The table that is printed at the end. */
export function tableOf(figures: readonly Figure[]): string {
  const header = ['figure', 'ours', 'other side', 'ratio', 'target', 'reached'];
  const rows = figures.map((figure) => [
    figure.name,
    figure.ours === null ? 'not measured' : number(figure.ours),
    figure.other === null ? '' : number(figure.other),
    ratioOf(figure)?.toFixed(2) ?? '',
    `${figure.target.bound === 'at least' ? '≥' : '≤'} ${number(figure.target.value)}`,
    REACHED.get(isReached(figure))!,
  ]);
  const widths = header.map((title, i) =>
    Math.max(title.length, ...rows.map((row) => row[i]!.length)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  const notes = figures.flatMap(({ name, what, note }) => [
    `${name}: ${what}${note === undefined ? '' : ` (${note})`}`,
  ]);
  return [line(header), ...rows.map(line), '', ...notes].join('\n');
}

/** How many processes wanted a processor in the last minute, at the beginning of a run and at its end. */
export interface MachineLoad {
  readonly before: number;
  readonly after: number;
}

export const loadNow = (): number => loadavg()[0]!;

/** Writes `results.json`: one key for each figure, with both sides; `ratio` is null for an absolute figure. */
export function writeResults(
  path: string,
  figures: readonly Figure[],
  load: MachineLoad,
  at: Date,
): void {
  const entries = figures.map((figure) => [
    figure.name,
    {
      ours: figure.ours,
      other: figure.other,
      ratio: ratioOf(figure),
      target: figure.target.value,
      ok: isReached(figure),
    },
  ]);
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
  const results = { ...Object.fromEntries(entries), machine, load, at: at.toISOString() };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}
