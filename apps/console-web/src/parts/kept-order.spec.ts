import { keepOrder, rowsOf } from './kept-order.js';

const keyOf = (item: string) => item[0]!;
const after = (shown: string[], items: string[]) => {
  const { rows, changed } = keepOrder(rowsOf(shown, keyOf), items, keyOf);
  return [rows.map(({ item, isGone }) => (isGone ? `(${item})` : item)).join(' '), changed];
};

test.each<[string, string[], string[], string, number]>([
  ['nothing', ['a', 'b'], ['a', 'b'], 'a b', 0],
  ['an item in its place', ['a', 'b'], ['a', 'b2'], 'a b2', 0],
  ['a new item in front, which waits', ['a', 'b'], ['c', 'a', 'b'], 'a b', 1],
  ['an item that goes, which stays marked', ['a', 'b'], ['b'], '(a) b', 1],
  ['the next page, which moves nothing', ['a', 'b'], ['a', 'b', 'c'], 'a b c', 0],
  ['the first items', [], ['a', 'b'], 'a b', 0],
  ['everything', ['a'], ['b', 'c'], '(a)', 3],
])('%s changes', (_, shown, items, rows, changed) => {
  expect(after(shown, items)).toEqual([rows, changed]);
});
