import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { atLeast, atMost, isReached, type Figure } from './figure.js';
import { tableOf, writeResults } from './results.js';
import { quantile } from './statistics.js';

const ratio: Figure = {
  name: 'ingest_vs_peer',
  what: 'events/s',
  ours: 40_000,
  other: 1_000,
  target: atLeast(30),
};
const absolute: Figure = {
  name: 'storm_10k_s',
  what: 's',
  ours: 2.5,
  other: null,
  target: atMost(2),
};

describe('a figure', () => {
  it.each([
    ['a ratio that is large enough', ratio, true],
    ['a ratio that is too small', { ...ratio, ours: 29_999 }, false],
    ['a ratio just at its target', { ...ratio, ours: 30_000 }, true],
    ['an absolute figure that is too large', absolute, false],
    ['an absolute figure just at its target', { ...absolute, ours: 2 }, true],
  ])('reaches its target or not: %s', (_what, figure, reached) => {
    expect(isReached(figure)).toBe(reached);
  });
});

describe('a figure that this machine cannot measure', () => {
  const unmeasured = { ...absolute, ours: null };

  it('is neither reached nor missed', () => {
    expect(isReached(unmeasured)).toBeNull();
  });

  it('is said so in the table', () => {
    const row = tableOf([unmeasured]).split('\n')[1]!;
    expect(row.split(/ {2,}/)).toEqual(['storm_10k_s', 'not measured', '≤ 2']);
  });
});

describe('the results', () => {
  it('are a table with both sides of each figure, its target and whether it is reached', () => {
    const [, first, second] = tableOf([ratio, absolute])
      .split('\n')
      .map((line) => line.split(/ {2,}/));
    expect(first).toEqual(['ingest_vs_peer', '40,000', '1,000', '40.00', '≥ 30', 'yes']);
    expect(second?.[0]).toBe('storm_10k_s');
    expect(second?.at(-1)).toBe('no');
  });

  it('are a file with a key for each figure, whose ratio is null where there is no other side', () => {
    const folder = mkdtempSync(join(tmpdir(), 'bench-spec-'));
    const path = join(folder, 'results.json');
    writeResults(path, [ratio, absolute], { before: 0.5, after: 2 }, new Date(0));
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({
      ingest_vs_peer: { ours: 40_000, other: 1_000, ratio: 40, target: 30, ok: true },
      storm_10k_s: { ours: 2.5, other: null, ratio: null, target: 2, ok: false },
      load: { before: 0.5, after: 2 },
      machine: expect.stringContaining('Node v'),
      at: '1970-01-01T00:00:00.000Z',
    });
    rmSync(folder, { recursive: true });
  });
});

describe('a quantile', () => {
  it.each([
    [0.5, [3, 1, 2], 2],
    [0.5, [4, 1, 2, 3], 2.5],
    [0, [3, 1, 2], 1],
    [1, [3, 1, 2], 3],
  ])('%s of %j is %s', (part, values, expected) => {
    expect(quantile(values, part)).toBe(expected);
  });

  it('of nothing is refused', () => {
    expect(() => quantile([], 0.5)).toThrow('expected at least one value, got none');
  });
});
