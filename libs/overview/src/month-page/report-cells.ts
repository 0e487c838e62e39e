import { ageInWords, HOUR_MS } from '@backup-awareness/freshness';
import type {
  EngineReportDocument,
  MonthReportDocument,
  TotalReportDocument,
} from '../documents/index.js';
import { count } from '../words/counted.js';
import { utcTime } from './utc-time.js';

/** The columns that a person reads, in the order in which the cells stand. */
export const COLUMNS = [
  'Engine',
  'Covered',
  'Longest gap',
  'Gaps',
  'Not monitored',
  'Full backups',
  'Failed',
  'Alerts',
  'Dismissed',
  'Last full backup',
] as const;

/** One row for each engine, and a last one for all. */
export function reportRows({ engines, total }: MonthReportDocument): string[][] {
  const lasts = engines.map((engine) => engine.last_full_backup_at);
  return [
    ...engines.map((engine) => [engine.fqdn, ...figures(engine), lastInWords(engine)]),
    [`All (${count(total.engines, 'engine')})`, ...figures(total), lastOfAllInWords(lasts)],
  ];
}

function lastInWords({ last_full_backup_at: at }: EngineReportDocument): string {
  return at === null ? 'none' : utcTime(at);
}

/** The oldest of them, or how many engines have none: that is worse. */
function lastOfAllInWords(lasts: readonly (string | null)[]): string {
  const known = lasts.filter((at) => at !== null).toSorted();
  const without = lasts.length - known.length;
  if (known.length === 0) return 'none';
  if (without > 0) return `none of ${count(without, 'engine')}`;
  return known.length === 1 ? utcTime(known[0]!) : `oldest ${utcTime(known[0]!)}`;
}

function figures(row: EngineReportDocument | TotalReportDocument): string[] {
  return [
    coveredInWords(row),
    row.longest_gap_hours === null ? '' : lengthInWords(row.longest_gap_hours * HOUR_MS),
    row.gaps === null ? '' : String(row.gaps),
    row.unwatched_seconds === null ? '' : lengthInWords(row.unwatched_seconds * 1_000),
    String(row.backups),
    String(row.failed_backups),
    String(row.alerts),
    String(row.dismissals.length),
  ];
}

function coveredInWords(row: EngineReportDocument | TotalReportDocument): string {
  if (row.covered_seconds === null)
    return 'can_tell_since' in row && row.can_tell_since !== null
      ? `unknown before ${utcTime(row.can_tell_since)}`
      : 'unknown';
  return row.covered_percent === null ? 'nothing counts' : `${row.covered_percent} %`;
}

function lengthInWords(ms: number): string {
  // Hours of the document are a fraction of whole milliseconds.
  return ms === 0 ? '0 h' : ageInWords(Math.round(ms));
}

/** Every dismissal: when, of which engine, by whom and why. */
export function dismissalsInWords({ engines }: MonthReportDocument): string[] {
  return engines
    .flatMap(({ fqdn, dismissals }) => dismissals.map((one) => ({ fqdn, ...one })))
    .toSorted((a, b) => (a.when < b.when ? -1 : 1))
    .map(({ fqdn, who, when, comment }) => {
      const why = comment === null ? '' : `: ${comment}`;
      return `${utcTime(when)}: ${fqdn}, by ${who}${why}`;
    });
}

/** What a reader needs to understand the figures. */
export function notes({
  month,
  from,
  until,
  is_over: isOver,
  total,
}: MonthReportDocument): string[] {
  return [
    `${month} in UTC, from ${utcTime(from)} until ${utcTime(until)}${isOver ? '' : ' (the month is not over)'}.`,
    'Covered: the share of the monitored time in which the last full backup known at the time was within its maximum age; a gap counts however short it is. Not monitored: time that does not count, because the engine was not monitored or the feature was disabled.',
    ...(total.untold === 0
      ? []
      : [
          `Unknown for ${total.untold} of ${total.engines} engines: the reports or audit entries needed are no longer kept, or not recorded yet. The last row excludes them from the coverage.`,
        ]),
  ];
}
