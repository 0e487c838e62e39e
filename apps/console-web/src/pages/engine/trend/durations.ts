import type { ListedReport } from '../use-engine-reports.js';

export interface Duration {
  readonly id: string;
  /** When it ended, in milliseconds. */
  readonly at: number;
  readonly seconds: number;
}

/** How long the completed backups of a scope took. */
export interface Trend {
  readonly scope: string;
  /** In the order of time; at least one. */
  readonly durations: readonly Duration[];
  readonly median: number;
  /** A quarter took less. */
  readonly low: number;
  /** A quarter took longer. */
  readonly high: number;
}

/** By scope, db and files first. Only completed backups count: a failed one ends early. */
export function trendsOf(reports: readonly ListedReport[]): Trend[] {
  const told = reports.filter(
    ({ status, duration_seconds: took }) => status === 'completed' && took !== null,
  );
  return [...new Set(told.map(({ scope }) => scope))]
    .toSorted((a, b) => order(a) - order(b) || (a < b ? -1 : 1))
    .map((scope) =>
      trendOf(
        scope,
        told.filter((report) => report.scope === scope),
      ),
    );
}

const order = (scope: string) => (scope === 'db' ? 0 : scope === 'files' ? 1 : 2);

function trendOf(scope: string, reports: readonly ListedReport[]): Trend {
  const durations = reports
    .map((report) => ({
      id: report.event_id,
      at: Date.parse(report.done_at),
      seconds: report.duration_seconds!,
    }))
    .toSorted((a, b) => a.at - b.at);
  const sorted = durations.map(({ seconds }) => seconds).toSorted((a, b) => a - b);
  return {
    scope,
    durations,
    median: quantile(sorted, 0.5),
    low: quantile(sorted, 0.25),
    high: quantile(sorted, 0.75),
  };
}

/** The value below which a share of the others lies, interpolated. @param sorted ascending, at least one */
export function quantile(sorted: readonly number[], share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const [a, b] = [sorted[below]!, sorted[Math.ceil(place)]!];
  return a + (b - a) * (place - below);
}
