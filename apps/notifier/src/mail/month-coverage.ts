import type { SqlRunner } from '@backup-awareness/database';
import { ageInWords, calendarMonth, DAY_MS } from '@backup-awareness/freshness';
import {
  coveredPercent,
  readMonthReport,
  sumUp,
  type EngineReport,
  type MonthReport,
} from '@backup-awareness/overview/judgement';
import { readHistoryBasis } from '@backup-awareness/overview/state';
import { plural, type Item, type Section } from './render-mail.js';

/** In its first week, a month says little; then the last one is reported. */
const FIRST_DAYS = 7;

/** Lists no more engines than a person reads. */
const LISTED_MAX = 10;

/** The report of the month, or of the last one in the first week of a month. @throws while the time or a setting is unknown */
export async function readMonthCoverage(sql: SqlRunner): Promise<MonthReport> {
  const basis = await readHistoryBasis(sql);
  if (!basis.time.isKnown) throw new Error("the database's clock was set back");
  const month = new Date(basis.now - FIRST_DAYS * DAY_MS).toISOString().slice(0, 7);
  return readMonthReport(sql, basis, { month, span: calendarMonth(month)! });
}

/** How far all engines were covered by their backups, and those that were least. */
export function coverageSection(report: MonthReport): Section {
  const { month, isOver, engines } = report;
  const total = sumUp(engines);
  const withGaps = engines
    .flatMap((engine) => (engine.coverage ? [{ ...engine, coverage: engine.coverage }] : []))
    .filter(({ coverage }) => coverage.uncoveredMs > 0)
    .sort((a, b) => percent(a) - percent(b) || (a.fqdn < b.fqdn ? -1 : 1));
  const left = withGaps.length - LISTED_MAX;
  const more = `${plural(left, 'more engine')} with gaps: backup-awareness report --month ${month} shows all`;
  return {
    title: `Coverage in ${monthInWords(month)}${isOver ? '' : ' so far'} (UTC)`,
    items: [
      {
        text: coveredInWords(total),
        detail:
          'Covered is the monitored time in which the last full backup was within its maximum age.',
      },
      ...withGaps.slice(0, LISTED_MAX).map((engine) => ({
        text: `${engine.fqdn}: ${coveredInWords(engine)}`,
      })),
      ...(left > 0 ? [{ text: more }] : []),
      ...untoldItems(total),
      {
        text: [
          plural(total.backups, 'full backup'),
          plural(total.failedBackups, 'failed run'),
          plural(total.alerts, 'alert'),
          `${total.dismissals.length} dismissed`,
        ].join(', '),
      },
    ],
  };
}

type Covered = Pick<EngineReport, 'coverage'>;

function percent({ coverage }: Covered): number {
  return (coverage && coveredPercent(coverage)) ?? 100;
}

function coveredInWords({ coverage }: Covered): string {
  const share = coverage ? coveredPercent(coverage) : null;
  if (!coverage || share === null) return 'no time was monitored';
  const gaps =
    coverage.gaps === 0
      ? 'no gaps'
      : `${plural(coverage.gaps, 'gap')}, the longest ${ageInWords(coverage.longestGapMs)}`;
  return `${share} % covered, ${gaps}`;
}

function untoldItems({ engines, untold }: ReturnType<typeof sumUp>): Item[] {
  if (untold === 0) return [];
  const text = `Unknown for ${untold} of ${plural(engines, 'engine')}: what is needed for it is no longer kept`;
  return [{ text }];
}

/** `November 2026`. */
function monthInWords(month: string): string {
  const options = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-GB', options);
}
