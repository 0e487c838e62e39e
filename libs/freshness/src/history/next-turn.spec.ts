import { DAY_MS, HOUR_MS } from '../duration.js';
import { judgeFreshness } from '../judge-freshness.js';
import { nextTurnAt } from './next-turn.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const engine = {
  fqdn: 'engine.example.com',
  watchedSinceAt: NOW - 5 * DAY_MS,
  retired: false,
  alertPeriodMs: DAY_MS,
  alertPeriodChangedAt: null,
};

describe('if nothing more arrives, the verdict', () => {
  it.each([
    {
      phrase: 'turns a millisecond after the period of the older scope',
      at: { lastDbSuccessAt: NOW - 2 * HOUR_MS, lastFilesSuccessAt: NOW },
      expected: NOW + 22 * HOUR_MS + 1,
      turns: ['fresh', 'too_old'],
    },
    {
      phrase: 'turns in the next millisecond when the age is exactly the period',
      at: { lastDbSuccessAt: NOW - DAY_MS, lastFilesSuccessAt: NOW },
      expected: NOW + 1,
      turns: ['fresh', 'too_old'],
    },
    {
      phrase: 'becomes known once a success lies no more than a minute in the future',
      at: { lastDbSuccessAt: NOW + HOUR_MS, lastFilesSuccessAt: NOW },
      expected: NOW + HOUR_MS - 60_000,
      turns: ['unknown', 'fresh'],
    },
    {
      phrase: 'turns too old before a far success is known',
      at: { lastDbSuccessAt: NOW + 3 * DAY_MS, lastFilesSuccessAt: NOW },
      expected: NOW + DAY_MS + 1,
      turns: ['unknown', 'too_old'],
    },
    {
      phrase: 'stays too old',
      at: { lastDbSuccessAt: NOW - 2 * DAY_MS, lastFilesSuccessAt: NOW },
      expected: null,
      turns: ['too_old'],
    },
    {
      phrase: 'stays without a full backup',
      at: { lastDbSuccessAt: NOW, lastFilesSuccessAt: null },
      expected: null,
      turns: ['no_full_backup'],
    },
  ])('$phrase', ({ at, expected, turns }) => {
    const facts = { ...engine, ...at };
    const turn = nextTurnAt(facts, NOW);
    expect(turn).toBe(expected);
    const before = judgeFreshness(facts, (turn ?? NOW + 1) - 1).verdict;
    const after = turn === null ? [] : [judgeFreshness(facts, turn).verdict];
    expect([before, ...after]).toEqual(turns);
  });
});
