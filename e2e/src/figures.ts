/** Writes a measured figure to the output of the tests. It is not asserted, since other work may slow the machine down. */
export function reportFigure(what: string, valuesMs: readonly number[]): void {
  const sorted = [...valuesMs].sort((a, b) => a - b);
  const shown = (ms: number | undefined) => `${Math.round(ms ?? NaN)} ms`;
  const median = shown(sorted[Math.floor(sorted.length / 2)]);
  const text =
    sorted.length === 1
      ? median
      : `median ${median}, from ${shown(sorted[0])} to ${shown(sorted.at(-1))} (${sorted.length} times)`;
  process.stderr.write(`${what}: ${text}\n`);
}

/** The duration of `work`, in milliseconds. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
