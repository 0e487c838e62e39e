import type { SqlRunner } from '@backup-awareness/database/connection';
import type { TimeSpan } from '@backup-awareness/freshness';
import { readEngineHistories, readSpanFigures, type HistoryBasis } from '../state/history/index.js';
import { isReportable, reportEngine, type EngineReport, type MonthReport } from './month-report.js';

export interface MonthWanted {
  readonly month: string;
  readonly span: TimeSpan;
  /** Gets the number of engines that have been read. */
  readonly onProgress?: (engines: number) => void;
}

/** The report of a month that has begun; of the present one, until now. */
export async function readMonthReport(
  sql: SqlRunner,
  basis: HistoryBasis,
  { month, span: whole, onProgress }: MonthWanted,
): Promise<MonthReport> {
  const span = { from: whole.from, until: Math.min(whole.until, basis.now) };
  const engines: EngineReport[] = [];
  let read = 0;
  for await (const page of readEngineHistories(sql, basis, { span })) {
    onProgress?.((read += page.length));
    const known = page.filter((one) => isReportable(one, span));
    const figuresOf = await readSpanFigures(
      sql,
      known.map(({ history }) => history.fqdn),
      span,
    );
    engines.push(
      ...known.map((one) => reportEngine(one, basis, span, figuresOf(one.history.fqdn))),
    );
  }
  return { month, span, isOver: whole.until <= basis.now, engines };
}
