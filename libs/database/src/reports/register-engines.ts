import type { SqlRunner } from '../connection/sql-runner.js';
import type { StoreOutcome } from './store-once.js';
import { textArray } from '../connection/text-array.js';

/**
 * Registers unknown engines, exactly as many as reports may register (EngineRegistrationMax), also concurrently.
 *
 * @returns the instant since which they are monitored, cut to the millisecond
 */
export async function registerEngines(source: SqlRunner, names: readonly string[]): Promise<Date> {
  const [row]: { at: Date }[] = await source.query(
    'SELECT now() AS at FROM register_engines($1::text[])',
    [textArray(names, (name) => name)],
  );
  return row!.at;
}

/**
 * Stores rows with `store`, registers the unknown engines, and stores their rows again, with the instant of the registration: what makes
 * an engine known was received by then. An outcome `unknown_engine` then means that reports may not register more.
 */
export async function storeRegistering<Row>(
  source: SqlRunner,
  rows: readonly Row[],
  engineOf: (row: Row) => string | null,
  store: (rows: readonly Row[], registeredAt?: Date) => Promise<StoreOutcome[]>,
): Promise<StoreOutcome[]> {
  const outcomes = await store(rows);
  if (!outcomes.includes('unknown_engine')) return outcomes;
  const unknown = rows.filter((_, index) => outcomes[index] === 'unknown_engine');
  const names = new Set(unknown.map(engineOf));
  names.delete(null);
  const registeredAt = await registerEngines(source, [...(names as Set<string>)]);
  const again = await store(unknown, registeredAt);
  let next = 0;
  return outcomes.map((outcome) => (outcome === 'unknown_engine' ? again[next++]! : outcome));
}
