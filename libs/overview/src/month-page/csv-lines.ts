import type {
  EngineReportDocument,
  MonthReportDocument,
  TotalReportDocument,
} from '../documents/index.js';
import { csvCell } from '../documents/csv-cell.js';

const COLUMNS = [
  'covered_percent',
  'longest_gap_hours',
  'gaps',
  'alerts',
  'failed_backups',
  'backups',
  'dismissals',
  'last_full_backup_at',
  'covered_seconds',
  'uncovered_seconds',
  'unwatched_seconds',
] as const;

/** A header, a line for each engine by the names of the JSON document, and a last one for all. */
export function csvLines({ month, engines, total }: MonthReportDocument): string[] {
  return [
    ['month', 'fqdn', ...COLUMNS, 'can_tell_since'],
    ...engines.map((engine) => [month, engine.fqdn, ...cells(engine), engine.can_tell_since]),
    [month, '(all)', ...cells(total), null],
  ].map((row) => row.map(csvCell).join(','));
}

function cells(row: EngineReportDocument | TotalReportDocument): (string | number | null)[] {
  return COLUMNS.map((column) => {
    if (column !== 'dismissals') return row[column];
    return row.dismissals
      .map(({ who, when, comment }) =>
        [who, when, ...(comment === null ? [] : [comment])].join(' '),
      )
      .join('; ');
  });
}
