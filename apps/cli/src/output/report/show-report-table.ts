import type { MonthReportDocument } from '@backup-awareness/overview/documents';
import type { Output } from '../output.js';
import {
  COLUMNS,
  dismissalsInWords,
  notes,
  reportRows,
} from '@backup-awareness/overview/month-page';

export function showReportTable(document: MonthReportDocument, out: Output): void {
  const [when, ...explanations] = notes(document);
  out.line(`Backup coverage: ${when}`, 'bold');
  out.table(
    COLUMNS.map((column) => column.toUpperCase()),
    reportRows(document),
  );
  const dismissals = dismissalsInWords(document);
  if (dismissals.length > 0) {
    out.line();
    out.line('Dismissed', 'bold');
    for (const dismissal of dismissals) out.line(dismissal);
  }
  out.line();
  for (const explanation of explanations) out.line(explanation);
}
