import { calendarMonth } from '@backup-awareness/freshness';
import { monthReportDocument, monthReportSchema } from '@backup-awareness/overview/documents';
import { readMonthReport } from '@backup-awareness/overview/judgement';
import { z } from 'zod';
import { endpoint, type Endpoint } from '../http/endpoint.js';
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
    handle: ({ db, params: { month } }) =>
      readPast(db, async (sql, basis) => {
        const span = calendarMonth(month)!;
        const { now, knownSinceAt, time } = basis;
        if (span.from >= now) throw badRequest('path.month', 'a month that has begun', month);
        if (span.until > now && !time.isKnown)
          throw new Problem(409, 'the time is unknown: the clock of the database is behind');
        if (knownSinceAt !== null && knownSinceAt > span.from)
          throw new Problem(
            409,
            `the past is unknown before ${new Date(knownSinceAt).toISOString()}: ${month} begins earlier`,
          );
        return monthReportDocument(await readMonthReport(sql, basis, { month, span }));
      }),
  }),
];
