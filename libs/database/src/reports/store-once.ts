import type { LeftOut } from './admission.js';
import { sqlState } from '../connection/sql-state.js';

/** What became of a row that is kept once for its key. */
export type StoreOutcome = 'stored' | 'duplicate' | 'id_reused' | LeftOut;

export interface OnceStore<Row> {
  /** The key that may stand once. */
  keyOf(row: Row): string;
  /**
   * Inserts all rows but those that are left out, which it gives back by their indexes; or none, and throws where a key is there already
   * or stands twice among them.
   */
  insertAll(rows: readonly Row[]): Promise<ReadonlyMap<number, LeftOut>>;
  /** The rows that are left out, by their indexes. */
  findLeftOut(rows: readonly Row[]): Promise<ReadonlyMap<number, LeftOut>>;
  /** Inserts rows of different keys where the key is not there yet, and gives back the keys of those. */
  insertMissing(rows: readonly Row[]): Promise<readonly string[]>;
  /** Compares rows with what is stored under their keys; `index` counts within the rows given. */
  compare(rows: readonly Row[]): Promise<readonly { index: number; same: boolean }[]>;
}

const UNIQUE_VIOLATION = '23505';

/**
 * Stores rows, each key once, and tells for each row, in order, what became of it.
 *
 * Nearly always all rows are new, and PostgreSQL inserts them for less than three quarters of what it costs to be prepared for one that is
 * not, and to tell which. So that is tried first; where a key is there already, nothing is stored by it and the careful way follows.
 *
 * @throws when a row vanishes while it is compared; trying again helps
 */
export async function storeOnce<Row>(
  rows: readonly Row[],
  store: OnceStore<Row>,
): Promise<StoreOutcome[]> {
  if (rows.length === 0) return [];
  try {
    return withLeftOut(rows, await store.insertAll(rows), () => 'stored');
  } catch (error) {
    if (sqlState(error) !== UNIQUE_VIOLATION) throw error;
    return storeCarefully(rows, store);
  }
}

/** Who may not write a row is told so before it is compared with anything: what he repeats is no duplicate. */
async function storeCarefully<Row>(
  rows: readonly Row[],
  store: OnceStore<Row>,
): Promise<StoreOutcome[]> {
  const leftOut = await store.findLeftOut(rows);
  const admitted = rows.filter((_, index) => !leftOut.has(index));
  const outcomes = await storeMissing(admitted, store);
  let next = 0;
  return withLeftOut(rows, leftOut, () => outcomes[next++]!);
}

/** The outcome of each row in order; `outcomeOfNext` is asked for those that are not left out. */
function withLeftOut(
  rows: readonly unknown[],
  leftOut: ReadonlyMap<number, LeftOut>,
  outcomeOfNext: () => StoreOutcome,
): StoreOutcome[] {
  if (leftOut.size === 0) return rows.map(outcomeOfNext);
  return rows.map((_, index) => leftOut.get(index) ?? outcomeOfNext());
}

async function storeMissing<Row>(
  rows: readonly Row[],
  store: OnceStore<Row>,
): Promise<StoreOutcome[]> {
  const firsts = new Map<string, Row>();
  const isFirst = rows.map((row) => {
    const key = store.keyOf(row);
    if (firsts.has(key)) return false;
    firsts.set(key, row);
    return true;
  });
  const stored = new Set(await store.insertMissing([...firsts.values()]));
  const outcomes = rows.map((): StoreOutcome => 'stored');
  const present = [...rows.keys()].filter(
    (index) => !isFirst[index] || !stored.has(store.keyOf(rows[index]!)),
  );
  const compared = await store.compare(present.map((index) => rows[index]!));
  if (compared.length !== present.length)
    throw new Error(
      `${present.length - compared.length} of ${rows.length} rows vanished while they were compared: they were removed at the same moment`,
    );
  for (const { index, same } of compared)
    outcomes[present[index]!] = same ? 'duplicate' : 'id_reused';
  return outcomes;
}
