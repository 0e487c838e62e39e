import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The counts of one project's Jest run. */
export interface Counts {
  /** The project's folder. */
  readonly folder: string;
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function readCounts(folder: string): Counts[] {
  return readdirSync(folder).map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Counts,
  );
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** Folders of projects in which no test ran: a green run that shows nothing. */
  readonly silent: readonly string[];
}

/** The sum over all projects that should have been tested. */
export function judge(folders: readonly string[], counts: readonly Counts[]): Verdict {
  const sum = (field: 'passed' | 'failed' | 'skipped'): number =>
    counts.reduce((total, one) => total + one[field], 0);
  const ran = new Set(
    counts.filter(({ passed, failed }) => passed + failed > 0).map(({ folder }) => folder),
  );
  return {
    passed: sum('passed'),
    failed: sum('failed'),
    skipped: sum('skipped'),
    silent: folders.filter((folder) => !ran.has(folder)),
  };
}
