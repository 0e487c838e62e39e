/** A row that is shown: its item as it is now, or as it was last, once it is not in the list any more. */
export interface KeptRow<Item> {
  readonly key: string;
  readonly item: Item;
  readonly isGone: boolean;
}

/** What is shown, and by how many rows it differs from what is known. */
export interface Kept<Item> {
  readonly rows: readonly KeptRow<Item>[];
  readonly changed: number;
}

/** Keeps rows where they are while new items come and others go: nothing moves under the pointer. */
export function keepOrder<Item>(
  shown: readonly KeptRow<Item>[],
  items: readonly Item[],
  keyOf: (item: Item) => string,
): Kept<Item> {
  const known = new Map(items.map((item) => [keyOf(item), item]));
  const rows = shown.map(({ key, item }) => ({
    key,
    item: known.get(key) ?? item,
    isGone: !known.has(key),
  }));
  const before = new Set(shown.map(({ key }) => key));
  // What comes behind the last row moves none: it is the next page.
  const last = items.findLastIndex((item) => before.has(keyOf(item)));
  const behind = items.slice(last + 1).filter((item) => !before.has(keyOf(item)));
  if (last < 0 && before.size > 0) return { rows, changed: rows.length + items.length };
  const fresh = items.slice(0, last + 1).filter((item) => !before.has(keyOf(item)));
  return {
    rows: [...rows, ...rowsOf(behind, keyOf)],
    changed: fresh.length + rows.filter(({ isGone }) => isGone).length,
  };
}

export function rowsOf<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): KeptRow<Item>[] {
  return items.map((item) => ({ key: keyOf(item), item, isGone: false }));
}
