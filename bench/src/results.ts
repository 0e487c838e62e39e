import { mkdirSync, writeFileSync } from 'node:fs';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { isReached, judged, type Figure } from './figure.js';

const number = (value: number): string =>
  value
    .toLocaleString('en', { maximumSignificantDigits: value >= 1_000 ? 9 : 3 })
    .replace(/\.\d+$/, (fraction) => (value >= 1_000 ? '' : fraction));

/** The table that is printed at the end. */
export function tableOf(figures: readonly Figure[]): string {
  const header = ['figure', 'ours', 'other side', 'ratio', 'target', 'reached'];
  const rows = figures.map((figure) => [
    figure.name,
    number(figure.ours),
    figure.other === null ? '' : number(figure.other),
    figure.other === null ? '' : judged(figure).toFixed(2),
    `${figure.target.bound === 'at least' ? '≥' : '≤'} ${number(figure.target.value)}`,
    isReached(figure) ? 'yes' : 'no',
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

/** Writes `results.json`: one key for each figure, with both sides; `ratio` is null for an absolute figure. */
export function writeResults(path: string, figures: readonly Figure[], at: Date): void {
  const entries = figures.map((figure) => [
    figure.name,
    {
      ours: figure.ours,
      other: figure.other,
      ratio: figure.other === null ? null : judged(figure),
      target: figure.target.value,
      ok: isReached(figure),
    },
  ]);
  const [cpu] = cpus();
  const machine = `${cpus().length} × ${cpu?.model ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${platform()} ${release()} ${arch()}, Node ${process.version}`;
  const results = { ...Object.fromEntries(entries), machine, at: at.toISOString() };
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `${JSON.stringify(results, undefined, 2)}\n`);
}
