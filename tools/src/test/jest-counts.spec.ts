import { jest } from '@jest/globals';

interface Reporter {
  onRunComplete(contexts: unknown, results: object): void;
}
const { default: JestCounts } = (await import(
  new URL('../../jest-counts.mjs', import.meta.url).href
)) as { default: new (config: object) => Reporter };

const folder = process.env['TEST_COUNTS_DIR'];
beforeEach(() => {
  // What these runs count is nobody's.
  delete process.env['TEST_COUNTS_DIR'];
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
  if (folder !== undefined) process.env['TEST_COUNTS_DIR'] = folder;
});

test.each([
  ['ends by itself is given a limit', { watch: false, watchAll: false }, 1],
  ['watches changed files is not', { watch: true, watchAll: false }, 0],
  ['watches all files is not', { watch: false, watchAll: true }, 0],
])('a run that %s', (_, config, limits) => {
  new JestCounts({ rootDir: '/a', ...config }).onRunComplete([], {});
  expect(jest.getTimerCount()).toBe(limits);
});
