interface Reporter {
  onRunComplete(contexts: unknown, results: object): void;
}
const { default: JestCounts } = (await import(
  new URL('../../jest-counts.mjs', import.meta.url).href
)) as { default: new (config: object) => Reporter };

const folder = process.env['TEST_COUNTS_DIR'];
const { setTimeout } = globalThis;
let limits: number[];
beforeEach(() => {
  // What these runs count is nobody's.
  delete process.env['TEST_COUNTS_DIR'];
  limits = [];
  const note = (_end: unknown, ms: number) => {
    limits.push(ms);
    return { unref: () => undefined };
  };
  globalThis.setTimeout = note as unknown as typeof setTimeout;
});
afterEach(() => {
  globalThis.setTimeout = setTimeout;
  if (folder !== undefined) process.env['TEST_COUNTS_DIR'] = folder;
});

test.each([
  ['ends by itself is given a limit', { watch: false, watchAll: false }, [60_000]],
  ['watches changed files is not', { watch: true, watchAll: false }, []],
  ['watches all files is not', { watch: false, watchAll: true }, []],
])('a run that %s', (_, config, expected) => {
  new JestCounts({ rootDir: '/a', ...config }).onRunComplete([], {});
  expect(limits).toEqual(expected);
});
