import { calendarMonth } from '@backup-awareness/freshness';
import { monthReportDocument, monthReportSchema } from '@backup-awareness/overview/documents';
import { readMonthReport } from '@backup-awareness/overview/judgement';
import { csvLines, htmlLines, PAGE_POLICY } from '@backup-awareness/overview/month-page';
import type { HistoryBasis } from '@backup-awareness/overview/state';
import { z } from 'zod';
import { accepts, endpoint, Streamed, type Endpoint } from '../http/endpoint.js';
import { badRequest, Problem } from '../http/problem.js';
import { readPast } from './read-snapshot.js';

const MONTH_EXPECTED = 'a month as 2026-11';

export const REPORT_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/reports/{month}',
    summary: 'For a month in UTC, how far each engine was covered by its backups',
    needs: 'viewer',
    schemas: {
      params: z.strictObject({
        month: z.string().refine((text) => calendarMonth(text) !== undefined, {
          error: MONTH_EXPECTED,
        }),
      }),
    },
    answer: monthReportSchema,
    alsoAs: ['text/csv', 'text/html'],
    handle: async ({ db, request, reply, params: { month } }) => {
      const document = await readPast(db, async (sql, basis) => {
        const span = calendarMonth(month)!;
        const { now, knownSinceAt, time } = basis;
        if (span.from >= now) throw badRequest('path.month', 'a month that has begun', month);
        if (span.until > now && !time.isKnown)
          throw new Problem(409, 'the time is unknown: the clock of the database is behind');
        if (knownSinceAt !== null && knownSinceAt > span.from)
          throw new Problem(
            409,
            `the past is unknown before ${new Date(knownSinceAt).toISOString()}: ${whyUnknown(basis, month)}`,
          );
        return monthReportDocument(await readMonthReport(sql, basis, { month, span }));
      });
      if (accepts(request, 'text/csv'))
        return new Streamed('text/csv; charset=utf-8', linesOf(csvLines(document), '\r\n'));
      if (!accepts(request, 'text/html')) return document;
      void reply.header('content-security-policy', `${PAGE_POLICY}; frame-ancestors 'none'`);
      return new Streamed('text/html; charset=utf-8', linesOf(htmlLines(document), '\n'));
    },
  }),
];

function whyUnknown(
  { knownSinceAt, unrecordedChange: change }: HistoryBasis,
  month: string,
): string {
  return change && change.at === knownSinceAt
    ? `the change of ${change.setting} at that time is not in the audit log yet, which needs the checker and audit to run`
    : `${month} begins earlier`;
}

function linesOf(lines: readonly string[], end: string): string {
  return lines.map((line) => line + end).join('');
}
