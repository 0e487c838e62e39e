/** What became of a row that is kept once for its key. */
export type StoreOutcome = 'stored' | 'duplicate' | 'id_reused';

export interface OnceStore<Row> {
  /** The key that may stand once. */
  keyOf(row: Row): string;
  /** Inserts rows of different keys and gives back the keys of those that were not there. */
  insert(rows: readonly Row[]): Promise<readonly string[]>;
  /** Compares rows with what is stored under their keys; `index` counts within the rows given. */
  compare(rows: readonly Row[]): Promise<readonly { index: number; same: boolean }[]>;
}

/**
 * Stores rows, each key once, and tells for each row, in order, what became of it. Content is compared only where a key
 * was there already or stands twice in the batch, so that a batch of new rows takes one round trip.
 *
 * @throws when a row vanishes between the two round trips; trying again helps
 */
export async function storeOnce<Row>(
  rows: readonly Row[],
  store: OnceStore<Row>,
): Promise<StoreOutcome[]> {
  if (rows.length === 0) return [];
  const firsts = new Map<string, Row>();
  const repeated: number[] = [];
  rows.forEach((row, index) => {
    const key = store.keyOf(row);
    if (firsts.has(key)) repeated.push(index);
    else firsts.set(key, row);
  });

  const inserted = await store.insert([...firsts.values()]);
  const outcomes = rows.map((): StoreOutcome => 'stored');
  if (inserted.length === rows.length) return outcomes;

  const stored = new Set(inserted);
  const isRepeated = new Set(repeated);
  const present = [...rows.keys()].filter(
    (index) => isRepeated.has(index) || !stored.has(store.keyOf(rows[index] as Row)),
  );
  const compared = await store.compare(present.map((index) => rows[index] as Row));
  if (compared.length !== present.length)
    throw new Error(
      `${present.length - compared.length} of ${rows.length} rows vanished while they were compared: they were removed at the same moment`,
    );
  for (const { index, same } of compared)
    outcomes[present[index] as number] = same ? 'duplicate' : 'id_reused';
  return outcomes;
}
