import type { components } from '../../api/schema.js';

export type EngineMonth = components['schemas']['EngineMonth'];
export type OrderBy = 'fqdn' | 'covered' | 'gap';

/** The least covered first, those with an unknown cover before all; by name where that is equal. */
const VALUE: Readonly<Record<OrderBy, (engine: EngineMonth) => number>> = {
  fqdn: () => 0,
  covered: ({ covered_percent: percent, can_tell_since, covered_seconds }) =>
    percent ?? (covered_seconds === null && can_tell_since !== null ? -1 : 101),
  gap: ({ longest_gap_hours: hours }) => hours ?? -1,
};

export function ordered(
  engines: readonly EngineMonth[],
  by: OrderBy,
  direction: 'asc' | 'desc',
): EngineMonth[] {
  const sign = direction === 'asc' ? 1 : -1;
  const names = (a: EngineMonth, b: EngineMonth) => (a.fqdn < b.fqdn ? -1 : 1);
  return engines.toSorted(
    (a, b) => sign * (VALUE[by](a) - VALUE[by](b)) || (by === 'fqdn' ? sign : 1) * names(a, b),
  );
}
