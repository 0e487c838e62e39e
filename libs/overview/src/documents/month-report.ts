import { HOUR_MS } from '@backup-awareness/freshness';
import { z } from 'zod';
import {
  coveredPercent,
  sumUp,
  type EngineReport,
  type MonthReport,
  type TotalReport,
} from '../judgement/month-report.js';
import { instant, utc } from './fields.js';

/** The figures of one engine, or of all. The three times add up to the span; they are null where the coverage is unknown. */
const figures = {
  /** Of the time that counts: monitored, with the feature on. Cut to hundredths; null where none counts. */
  covered_percent: z.number().nullable(),
  /** Exact to the millisecond. */
  longest_gap_hours: z.number().nullable(),
  /** However short: also that between the two scopes of a first backup. */
  gaps: z.int().nullable(),
  covered_seconds: z.number().nullable(),
  uncovered_seconds: z.number().nullable(),
  unwatched_seconds: z.number().nullable(),
  alerts: z.int(),
  failed_backups: z.int(),
  backups: z.int(),
  dismissals: z.array(
    z.strictObject({ who: z.string(), when: instant, comment: z.string().nullable() }),
  ),
  last_full_backup_at: instant.nullable(),
};

const engineReportSchema = z
  .strictObject({
    fqdn: z.string(),
    ...figures,
    /** Since when this engine's coverage is known; null: from the beginning. */
    can_tell_since: instant.nullable(),
  })
  .meta({ id: 'EngineMonth' });

const totalReportSchema = z
  .strictObject({
    engines: z.int(),
    /** How many of those have an unknown coverage. */
    untold: z.int(),
    ...figures,
  })
  .meta({ id: 'MonthTotal' });

/** `report --month YYYY-MM --json`: the recovery point objective of a month in UTC, engine by engine and summed up. */
export const monthReportSchema = z
  .strictObject({
    month: z.string(),
    from: instant,
    /** The end of the month; the present, if the month is not over. */
    until: instant,
    is_over: z.boolean(),
    engines: z.array(engineReportSchema),
    total: totalReportSchema,
  })
  .meta({ id: 'MonthReport' });

export type MonthReportDocument = z.infer<typeof monthReportSchema>;
export type EngineReportDocument = z.infer<typeof engineReportSchema>;
export type TotalReportDocument = z.infer<typeof totalReportSchema>;

export function monthReportDocument({
  month,
  span,
  isOver,
  engines,
}: MonthReport): MonthReportDocument {
  const total = sumUp(engines);
  return monthReportSchema.parse({
    month,
    from: utc(span.from),
    until: utc(span.until),
    is_over: isOver,
    engines: engines.map((engine) => ({
      fqdn: engine.fqdn,
      ...figuresOf(engine),
      can_tell_since: utc(engine.knownSinceAt),
    })),
    total: { engines: total.engines, untold: total.untold, ...figuresOf(total) },
  });
}

function figuresOf(report: EngineReport | TotalReport): object {
  const { coverage, dismissals } = report;
  return {
    covered_percent: coverage ? coveredPercent(coverage) : null,
    longest_gap_hours: coverage ? coverage.longestGapMs / HOUR_MS : null,
    gaps: coverage?.gaps ?? null,
    covered_seconds: coverage ? coverage.coveredMs / 1_000 : null,
    uncovered_seconds: coverage ? coverage.uncoveredMs / 1_000 : null,
    unwatched_seconds: coverage ? coverage.unwatchedMs / 1_000 : null,
    alerts: report.alerts,
    failed_backups: report.failedBackups,
    backups: report.backups,
    dismissals: dismissals.map(({ who, at, comment }) => ({ who, when: utc(at), comment })),
    last_full_backup_at: utc(report.lastFullBackupAt),
  };
}
