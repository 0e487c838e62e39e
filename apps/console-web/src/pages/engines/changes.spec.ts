import { exampleItem } from '../../spec/example-overview.js';
import type { Cell } from '../../parts/wall/wall.js';
import { countChanges, hasChanged, presentOf, verdictNow } from './changes.js';
import { filterOf } from './filter.js';

/** 22 of 24 hours old. */
const item = exampleItem('a');
const cell = (fields: Partial<{ standing: Cell[1]; share: number | null }> = {}): Cell => [
  item.fqdn,
  fields.standing ?? 'fresh',
  fields.share === undefined ? 0.917 : fields.share,
];
const now = (...cells: Cell[]) => presentOf(cells);
const filter = (address = '') => filterOf(new URLSearchParams(address));

test('an engine that only becomes older has not changed', () => {
  expect(hasChanged(item, now(cell()))).toBe(false);
  expect(hasChanged(item, now(cell({ share: 0.99 })))).toBe(false);
  expect(hasChanged(item, undefined)).toBe(false);
});

test('one that turns has changed, and its verdict is that of now', () => {
  const turned = now(cell({ standing: 'too_old', share: 1.001 }));
  expect(hasChanged(item, turned)).toBe(true);
  expect(verdictNow(item, turned)).toBe('too_old');
});

test('one with a later full backup has changed', () => {
  expect(hasChanged(item, now(cell({ share: 0 })))).toBe(true);
});

test('one whose backup does not end is still fresh', () => {
  expect(verdictNow(item, now(cell({ standing: 'stuck' })))).toBe('fresh');
});

test('one that is gone is retired', () => {
  expect(verdictNow(item, now())).toBe('retired');
  expect(countChanges([item], 1, now(), filter())).toBe(1);
});

test('one that is new is counted, if the filter lets it through', () => {
  const other: Cell = ['new.example.com', 'no_full_backup', null];
  expect(countChanges([item], 1, now(other, cell()), filter())).toBe(1);
  expect(countChanges([item], 1, now(other, cell()), filter('search=A.EXAMPLE'))).toBe(0);
  expect(countChanges([item], 1, now(other, cell()), filter('verdict=fresh'))).toBe(0);
  expect(countChanges([], 0, now(other, cell()), filter('verdict=no_full_backup'))).toBe(1);
});

test('a list of retired engines does not change with those that are monitored', () => {
  const retired = exampleItem('r', { verdict: 'retired' });
  expect(countChanges([retired], 1, now(cell()), filter('verdict=retired'))).toBe(0);
  expect(verdictNow(retired, now(cell()))).toBe('retired');
});
