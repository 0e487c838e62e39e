import type { ListedReport } from '../use-engine-reports.js';
import { quantile, trendsOf } from './durations.js';

test('the median is in the middle', () => {
  expect(quantile([1, 2, 9], 0.5)).toBe(2);
  expect(quantile([1, 2, 4, 9], 0.5)).toBe(3);
  expect(quantile([5], 0.25)).toBe(5);
});

test('the trend of each scope is in the order of time, of completed backups only', () => {
  const report = (scope: string, hour: number, seconds: number | null, status = 'completed') =>
    ({
      event_id: `${scope} ${hour}`,
      scope,
      status,
      duration_seconds: seconds,
      done_at: new Date(Date.UTC(2026, 10, 1, hour)).toISOString(),
    }) as ListedReport;
  const trends = trendsOf([
    report('dwhdb', 1, 30),
    report('db', 9, 80),
    report('db', 5, 60),
    report('db', 6, 1, 'failed'),
    report('db', 7, null),
    report('files', 1, 20),
  ]);
  expect(trends.map(({ scope }) => scope)).toEqual(['db', 'files', 'dwhdb']);
  expect(trends[0]!.durations.map(({ seconds }) => seconds)).toEqual([60, 80]);
  expect(trends[0]).toMatchObject({ median: 70, low: 65, high: 75 });
});
