import {
  coverageOf,
  learn,
  NO_SUCCESSES,
  valueAt,
  type Coverage,
  type TimeSpan,
} from '@backup-awareness/freshness';
import { isAboutRun } from '../state/active-alerts.js';
import type { HistoryBasis, SpanFigures, KnownHistory } from '../state/history/index.js';

/** How an engine was covered by its backups in a span of time. */
export interface EngineReport extends SpanFigures {
  readonly fqdn: string;
  /** Undefined where the beginning of the span is no longer known. */
  readonly coverage: Omit<Coverage, 'spans'> | undefined;
  /** Since when it is known; null: from the beginning. */
  readonly knownSinceAt: number | null;
  /** Full backups: the successes of `db` or of `files` that were received in it, whichever are fewer. */
  readonly backups: number;
  /** Of alerts of freshness, as `alerts` counts them. */
  readonly dismissals: readonly Dismissal[];
  /** The last full backup known at its end; null: none, or none that is kept. */
  readonly lastFullBackupAt: number | null;
}

/** The reports of a month in UTC. */
export interface MonthReport {
  /** As `2026-11`. */
  readonly month: string;
  /** Its end is the present, if the month is not over. */
  readonly span: TimeSpan;
  readonly isOver: boolean;
  readonly engines: readonly EngineReport[];
}

export interface Dismissal {
  readonly who: string;
  readonly at: number;
  readonly comment: string | null;
}

/** The reports of one engine in a span of time. */
export function reportEngine(
  { history, knownSinceAt, events }: KnownHistory,
  { settings }: HistoryBasis,
  span: TimeSpan,
  figures: SpanFigures,
): EngineReport {
  const isWithin = (at: number) => at >= span.from && at < span.until;
  const { successes } = history;
  const received = successes.filter(({ receivedAt }) => isWithin(receivedAt));
  const count = (wanted: string) => received.filter(({ scope }) => scope === wanted).length;
  const { lastDbSuccessAt: db, lastFilesSuccessAt: files } = successes.reduce(learn, NO_SUCCESSES);
  const isKnown = knownSinceAt === null || knownSinceAt <= span.from;
  return {
    fqdn: history.fqdn,
    ...figures,
    coverage: isKnown ? withoutSpans(coverageOf(history, settings, span)) : undefined,
    knownSinceAt,
    backups: Math.min(count('db'), count('files')),
    dismissals: events
      .filter(({ name, at }) => name === 'AlertDismissed' && isWithin(at))
      .filter(({ alert }) => !isAboutRun({ alert: alert ?? '' }))
      .map(({ who, at, comment }) => ({ who, at, comment })),
    lastFullBackupAt: db === null || files === null ? null : Math.min(db, files),
  };
}

function withoutSpans({ spans: _, ...coverage }: Coverage): Omit<Coverage, 'spans'> {
  return coverage;
}

/** Whether an engine belongs in a report: it was monitored at some time of the span, as far as is known. */
export function isReportable({ history }: KnownHistory, span: TimeSpan): boolean {
  const { monitoring } = history;
  const begins = monitoring.changes.some(
    ({ at, to }) => to !== null && at > span.from && at < span.until,
  );
  return begins || valueAt(monitoring, span.from).value !== null;
}

/** All reports summed up. Engines whose coverage is unknown are counted separately. */
export interface TotalReport extends SpanFigures {
  readonly engines: number;
  readonly untold: number;
  readonly coverage: Omit<Coverage, 'spans'>;
  readonly backups: number;
  readonly dismissals: readonly Dismissal[];
  /** The oldest; null where an engine has none, or there is no engine. */
  readonly lastFullBackupAt: number | null;
}

export function sumUp(reports: readonly EngineReport[]): TotalReport {
  const known = reports.flatMap(({ coverage }) => coverage ?? []);
  const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
  const last = reports.map(({ lastFullBackupAt }) => lastFullBackupAt);
  return {
    engines: reports.length,
    untold: reports.length - known.length,
    coverage: {
      coveredMs: sum(known.map(({ coveredMs }) => coveredMs)),
      uncoveredMs: sum(known.map(({ uncoveredMs }) => uncoveredMs)),
      unwatchedMs: sum(known.map(({ unwatchedMs }) => unwatchedMs)),
      gaps: sum(known.map(({ gaps }) => gaps)),
      longestGapMs: known.reduce((longest, { longestGapMs }) => Math.max(longest, longestGapMs), 0),
    },
    alerts: sum(reports.map(({ alerts }) => alerts)),
    failedBackups: sum(reports.map(({ failedBackups }) => failedBackups)),
    backups: sum(reports.map(({ backups }) => backups)),
    dismissals: reports.flatMap(({ dismissals }) => dismissals).toSorted((a, b) => a.at - b.at),
    lastFullBackupAt: last.reduce<number | null>(
      (oldest, at) => (oldest === null || at === null ? null : Math.min(oldest, at)),
      last[0] ?? null,
    ),
  };
}

/** The share of the time that counts; null where none does. Cut, not rounded: with any gap it is below 100. */
export function coveredPercent({
  coveredMs,
  uncoveredMs,
}: Pick<Coverage, 'coveredMs' | 'uncoveredMs'>): number | null {
  const countedMs = coveredMs + uncoveredMs;
  if (countedMs === 0) return null;
  return Math.floor((coveredMs / countedMs) * 10_000) / 100;
}
