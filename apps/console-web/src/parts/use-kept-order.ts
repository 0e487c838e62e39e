import { useState } from 'react';
import { keepOrder, rowsOf, type KeptRow } from './kept-order.js';

/** Shows a list in the order in which it was first seen, until `show` is called. */
export function useKeptOrder<Item>(
  items: readonly Item[] | undefined,
  keyOf: (item: Item) => string,
  /** Of another value, another list is shown. */
  list = '',
) {
  const [kept, setKept] = useState<{ list: string; items: typeof items; rows: KeptRow<Item>[] }>({
    list,
    items: undefined,
    rows: [],
  });
  const known = items ?? [];
  const start = kept.list === list ? kept.rows : [];
  const { rows, changed } = keepOrder(start, known, keyOf);
  if (kept.items !== items || kept.list !== list) setKept({ list, items, rows: [...rows] });
  return {
    rows,
    changed,
    show: () => setKept({ list, items, rows: rowsOf(known, keyOf) }),
  };
}
