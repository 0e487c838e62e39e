import type { MonthReport } from '@backup-awareness/overview/judgement';
import type { Output } from '../output.js';
import { csvLines, htmlLines } from '@backup-awareness/overview/month-page';
import { showReportTable } from './show-report-table.js';

export type ReportFormat = 'table' | 'csv' | 'json' | 'html';

export async function showReport(
  report: MonthReport,
  format: ReportFormat,
  out: Output,
): Promise<void> {
  const { monthReportDocument } = await import('@backup-awareness/overview/documents');
  const document = monthReportDocument(report);
  if (format === 'json') return out.json(document);
  if (format === 'table') return showReportTable(document, out);
  for (const line of format === 'csv' ? csvLines(document) : htmlLines(document)) out.line(line);
}
