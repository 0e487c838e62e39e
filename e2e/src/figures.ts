/** Writes a measured figure beside the results of the tests. It is not asserted: other work slows a machine down. */
export function tellFigure(what: string, valuesMs: readonly number[]): void {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const shown = (ms: number | undefined) => `${Math.round(ms ?? NaN)} ms`;
  const median = shown(sorted[Math.floor(sorted.length / 2)]);
  const text =
    sorted.length === 1
      ? median
      : `median ${median}, from ${shown(sorted[0])} to ${shown(sorted.at(-1))} (${sorted.length} times)`;
  process.stderr.write(`${what}: ${text}\n`);
}

/** How long `work` takes, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
