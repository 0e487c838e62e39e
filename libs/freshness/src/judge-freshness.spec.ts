import { DAY_MS, HOUR_MS } from './duration.js';
import { judgeFreshness } from './judge-freshness.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const engine = {
  fqdn: 'engine.example.com',
  watchedSinceAt: NOW - 5 * DAY_MS,
  retired: false,
  alertPeriodMs: DAY_MS,
  alertPeriodChangedAt: null,
};

describe('the last full backup', () => {
  it.each([
    {
      phrase: 'is the earlier of db and files',
      at: { lastDbSuccessAt: NOW - 2 * HOUR_MS, lastFilesSuccessAt: NOW - HOUR_MS },
      expected: { verdict: 'fresh', lastFullBackupAt: NOW - 2 * HOUR_MS, ageMs: 2 * HOUR_MS },
    },
    {
      phrase: 'has the age 0 if it was counted seconds in the future',
      at: { lastDbSuccessAt: NOW + 60_000, lastFilesSuccessAt: NOW + 1_000 },
      expected: { verdict: 'fresh', lastFullBackupAt: NOW + 1_000, ageMs: 0 },
    },
    {
      phrase: 'has an unknown age if one of the two lies more than a minute in the future',
      at: { lastDbSuccessAt: NOW + 60_001, lastFilesSuccessAt: NOW - HOUR_MS },
      expected: {
        verdict: 'unknown',
        lastFullBackupAt: NOW - HOUR_MS,
        successAt: NOW + 60_001,
      },
    },
    {
      phrase: 'is too old since one period after it',
      at: { lastDbSuccessAt: NOW - 3 * DAY_MS, lastFilesSuccessAt: NOW },
      expected: {
        verdict: 'too_old',
        lastFullBackupAt: NOW - 3 * DAY_MS,
        ageMs: 3 * DAY_MS,
        sinceAt: NOW - 2 * DAY_MS,
      },
    },
    {
      phrase: 'is missing since monitoring began if one of the two is',
      at: { lastDbSuccessAt: NOW, lastFilesSuccessAt: null },
      expected: {
        verdict: 'no_full_backup',
        lastFullBackupAt: null,
        sinceAt: NOW - 5 * DAY_MS,
      },
    },
  ])('$phrase ($expected.verdict)', ({ at, expected }) => {
    expect(judgeFreshness({ ...engine, ...at }, NOW)).toEqual(expected);
  });

  it('is not judged by a now that is not a number', () => {
    const facts = { ...engine, lastDbSuccessAt: NOW, lastFilesSuccessAt: NOW };
    expect(() => judgeFreshness(facts, Number.NaN)).toThrow('now: expected whole milliseconds');
  });
});
