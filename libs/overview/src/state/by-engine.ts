/** Rows grouped by their engine, each group in the order of the rows. */
export function byEngine<T extends { readonly fqdn: string }>(all: readonly T[]): Map<string, T[]> {
  const grouped = new Map<string, T[]>();
  for (const one of all) {
    const ofEngine = grouped.get(one.fqdn);
    if (ofEngine) ofEngine.push(one);
    else grouped.set(one.fqdn, [one]);
  }
  return grouped;
}
