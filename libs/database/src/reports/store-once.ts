import type { LeftOut } from './admission.js';
import { sqlState } from '../connection/sql-state.js';

/** The outcome of storing a row with a unique key. */
export type StoreOutcome = 'stored' | 'duplicate' | 'id_reused' | LeftOut;

export interface OnceStore<Row> {
  /** The unique key. */
  keyOf(row: Row): string;
  /**
   * Inserts all rows but those left out, which it returns by index. Inserts none and throws if a key is stored already or occurs twice
   * among them.
   */
  insertAll(rows: readonly Row[]): Promise<ReadonlyMap<number, LeftOut>>;
  /** The rows to leave out, by index. */
  findLeftOut(rows: readonly Row[]): Promise<ReadonlyMap<number, LeftOut>>;
  /** Inserts those of rows with different keys whose key is not stored yet. @returns their keys */
  insertMissing(rows: readonly Row[]): Promise<readonly string[]>;
  /** Compares rows with what is stored under their keys, and holds (IS_REPLICATED); `index` counts within `rows`. */
  compare(rows: readonly Row[]): Promise<readonly { index: number; same: boolean }[]>;
}

const UNIQUE_VIOLATION = '23505';

/**
 * A condition, always true, for the statement that finds stored rows: with it the statement's commit waits for a synchronous standby, as
 * an insert does. A row whose own wait was ended is on the primary only, and the duplicate of it would be acknowledged.
 */
export const IS_REPLICATED =
  "(SELECT pg_catalog.pg_logical_emit_message(true, 'backup-awareness', '') IS NOT NULL)";

/**
 * Stores rows, each key once.
 *
 * Nearly always all rows are new, and a plain insert costs less than three quarters of one that allows for stored keys and reports which
 * they are. So the plain insert is tried first; if a key is stored already, it stores nothing, and the careful way follows.
 *
 * @returns the outcome of each row, in order
 * @throws if a row is deleted while it is being compared; trying again helps
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

/** Refuses before it compares: a copy by an unauthorised sender is not a duplicate. */
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

/** The outcome of each row in order; `outcomeOfNext` gives those of rows not left out. */
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
      `${present.length - compared.length} of ${rows.length} rows were deleted while they were being compared`,
    );
  for (const { index, same } of compared)
    outcomes[present[index]!] = same ? 'duplicate' : 'id_reused';
  return outcomes;
}
