import { downloadOf, hasGap, newRows, selectionOf, together, type AuditRow } from './selection.js';

const rows = (...ids: number[]) => ids.map((id) => ({ audit_log_id: String(id) }) as AuditRow);
const ids = (found: readonly AuditRow[]) => found.map(({ audit_log_id }) => Number(audit_log_id));

test('the address gives the filters that it has, and nothing else', () => {
  const address = new URLSearchParams('fqdn=a.example.com&severity=&utm=x&type= EngineAdded ');
  expect(selectionOf(address)).toEqual({ fqdn: 'a.example.com', type: 'EngineAdded' });
});

test('a download is of the same selection', () => {
  expect(downloadOf({ since: '2026-11-29T00:00:00+01:00', severity: '2' }, 'csv')).toBe(
    '/api/v1/audit?since=2026-11-29T00%3A00%3A00%2B01%3A00&severity=2&format=csv',
  );
});

test.each<[string, number[], number[], number[]]>([
  ['in front', [12, 11, 10], [10, 9], [12, 11]],
  ['behind one that is shown already', [12, 11, 10], [12, 10], [11]],
  ['of a page that reaches further back', [10, 9, 8], [10, 9], []],
  ['beyond nine digits more', [1000, 999], [999], [1000]],
  ['where there was none', [1], [], [1]],
])('rows %s are new', (_, newest, shown, expected) => {
  expect(ids(newRows(rows(...newest), rows(...shown)))).toEqual(expected);
});

test('rows are missing where the newest page does not reach what is shown', () => {
  expect(hasGap(rows(12, 11), rows(9, 8))).toBe(true);
  expect(hasGap(rows(12, 9), rows(9, 8))).toBe(false);
  expect(hasGap(rows(12, 9), [])).toBe(false);
});

test('together they are in the order of their ids', () => {
  expect(ids(together(rows(12, 9), rows(10, 8)))).toEqual([12, 10, 9, 8]);
});
