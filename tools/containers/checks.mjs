/** Counts checks as they are made, and shows each with its outcome. */
export function createChecks(write = (line) => console.log(line)) {
  const counts = { passed: 0, failed: 0 };
  return {
    counts,
    /**
     * Makes one check; a failure does not end the run.
     *
     * @returns what `run` returned, or undefined if it failed
     */
    async check(sentence, run) {
      const startedAt = Date.now();
      const seconds = () => `${Math.round((Date.now() - startedAt) / 1000)} s`;
      try {
        const result = await run();
        counts.passed += 1;
        write(`✓ ${sentence} (${seconds()})`);
        return result;
      } catch (error) {
        counts.failed += 1;
        write(`✗ ${sentence} (${seconds()})\n${error.message.replace(/^/gm, '    ')}`);
        return undefined;
      }
    },
  };
}
