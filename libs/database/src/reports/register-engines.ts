import type { SqlRunner } from '../connection/sql-runner.js';
import type { StoreOutcome } from './store-once.js';
import { textArray } from '../connection/text-array.js';

/** Registers engines that are not known yet, as many as reports may (EngineRegistrationMax), exactly, whoever else does so at the same moment. */
export async function registerEngines(source: SqlRunner, names: readonly string[]): Promise<void> {
  await source.query('SELECT register_engines($1::text[])', [textArray(names, (name) => name)]);
}

/**
 * Stores rows with `store`; those whose engine it did not know are stored a second time, once their engines are registered. What is
 * still an `unknown_engine` then is so because reports may register no more.
 */
export async function storeRegistering<Row>(
  source: SqlRunner,
  rows: readonly Row[],
  engineOf: (row: Row) => string | null,
  store: (rows: readonly Row[]) => Promise<StoreOutcome[]>,
): Promise<StoreOutcome[]> {
  const outcomes = await store(rows);
  if (!outcomes.includes('unknown_engine')) return outcomes;
  const unknown = rows.filter((_, index) => outcomes[index] === 'unknown_engine');
  const names = new Set(unknown.map(engineOf));
  names.delete(null);
  await registerEngines(source, [...(names as Set<string>)]);
  const again = await store(unknown);
  let next = 0;
  return outcomes.map((outcome) => (outcome === 'unknown_engine' ? again[next++]! : outcome));
}
