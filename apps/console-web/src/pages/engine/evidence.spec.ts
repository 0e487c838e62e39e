import { successOf } from './evidence.js';
import type { ListedReport } from './use-engine-reports.js';

const AT = '2026-11-22T21:00:00.000Z';
const report = (id: string, scope: string, status = 'completed') =>
  ({ event_id: id, scope, status, counted_at: AT }) as ListedReport;
const FACTS = { lastDbAt: AT, lastFilesAt: null, evidence: null };

test('the report behind a success is the one that the API names', () => {
  const row = { scope: 'db', event_id: 'b' } as never;
  const evidence = { last_successes: [row] } as never;
  const found = successOf({ ...FACTS, evidence }, 'db', [report('a', 'db'), report('b', 'db')]);
  expect(found).toMatchObject({ at: AT, row, report: { event_id: 'b' } });
});

test('of the past, it is the completed one of that scope that counts at that instant', () => {
  const reports = [report('a', 'files'), report('b', 'db', 'failed'), report('c', 'db')];
  expect(successOf(FACTS, 'db', reports).report?.event_id).toBe('c');
});

test('where there is no success, there is no report', () => {
  expect(successOf(FACTS, 'files', [])).toEqual({ at: null, row: undefined, report: undefined });
});
