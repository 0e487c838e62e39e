/** The quantile of the values at `part` (0 to 1); 0.5 is the median. */
export function quantile(values: readonly number[], part: number): number {
  if (values.length === 0) throw new RangeError('expected at least one value, got none');
  const sorted = [...values].sort((a, b) => a - b);
  const at = (sorted.length - 1) * part;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest and largest value: `31,000 to 35,000`. */
export function spread(values: readonly number[], digits = 0): string {
  const shown = (value: number) =>
    value.toLocaleString('en', { maximumFractionDigits: digits, minimumFractionDigits: digits });
  return `${shown(Math.min(...values))} to ${shown(Math.max(...values))}`;
}
