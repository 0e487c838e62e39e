import fc from 'fast-check';
import { HOUR_MS } from './duration.js';
import { mayClear } from './may-clear.js';
import { type CheckClock, whenToCheck } from './when-to-check.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const everySixHours: CheckClock = {
  now: NOW,
  lastCheckAt: NOW - HOUR_MS,
  periodMs: 6 * HOUR_MS,
  becameLeader: false,
};
const due = { due: true, nextCheckAt: NOW, sleepMs: 0 };
const asleep = { due: false, sleepMs: 60_000 };

describe('a check', () => {
  it.each([
    {
      phrase: 'waits until the period is over, a minute at a time',
      clock: {},
      expected: { ...asleep, reason: 'not_yet', nextCheckAt: NOW + 5 * HOUR_MS },
    },
    {
      phrase: 'is slept towards to the millisecond in the last minute',
      clock: { lastCheckAt: NOW - 6 * HOUR_MS + 1 },
      expected: { due: false, sleepMs: 1, reason: 'not_yet', nextCheckAt: NOW + 1 },
    },
    {
      phrase: 'is due when the period is over to the millisecond',
      clock: { lastCheckAt: NOW - 6 * HOUR_MS },
      expected: { ...due, reason: 'period_over' },
    },
    {
      phrase: 'is due after a sleep of the machine over several periods',
      clock: { lastCheckAt: NOW - 600 * HOUR_MS },
      expected: { ...due, reason: 'period_over' },
    },
    {
      phrase: 'follows a shortened period at once',
      clock: { periodMs: HOUR_MS },
      expected: { ...due, reason: 'period_over' },
    },
    {
      phrase: 'is due when the last one lies in the future',
      clock: { lastCheckAt: NOW + 1 },
      expected: { ...due, reason: 'last_check_in_future' },
    },
    {
      phrase: 'of this very millisecond does not lie in the future',
      clock: { lastCheckAt: NOW },
      expected: { ...asleep, reason: 'not_yet', nextCheckAt: NOW + 6 * HOUR_MS },
    },
    {
      phrase: 'is due for a new leader, though the last one was just now',
      clock: { becameLeader: true },
      expected: { ...due, reason: 'became_leader' },
    },
    {
      phrase: 'is due for the first leader ever',
      clock: { becameLeader: true, lastCheckAt: null },
      expected: { ...due, reason: 'became_leader' },
    },
    {
      phrase: 'in the future is worth more words than a new leader',
      clock: { becameLeader: true, lastCheckAt: NOW + 1 },
      expected: { ...due, reason: 'last_check_in_future' },
    },
    {
      phrase: 'that never was is due',
      clock: { lastCheckAt: null },
      expected: { ...due, reason: 'never_checked' },
    },
    {
      phrase: 'is never due with the feature off, for a new leader neither',
      clock: { periodMs: null, becameLeader: true },
      expected: { ...asleep, reason: 'disabled', nextCheckAt: null },
    },
  ])('$phrase ($expected.reason)', ({ clock, expected }) => {
    expect(whenToCheck({ ...everySixHours, ...clock })).toEqual(expected);
  });

  it('is never slept over, whenever one looks', () => {
    const clocks = fc.record({
      now: fc.integer({ min: NOW - 9 * HOUR_MS, max: NOW + 9 * HOUR_MS }),
      lastCheckAt: fc.option(fc.integer({ min: NOW - 9 * HOUR_MS, max: NOW + 9 * HOUR_MS })),
      periodMs: fc.option(fc.integer({ min: 1_000, max: 12 * HOUR_MS })),
      becameLeader: fc.boolean(),
    });
    fc.assert(
      fc.property(clocks, (clock) => {
        const { due, nextCheckAt, sleepMs } = whenToCheck(clock);
        expect(sleepMs).toBeLessThanOrEqual(60_000);
        expect(sleepMs > 0).toBe(!due);
        expect(nextCheckAt === null).toBe(clock.periodMs === null);
        if (nextCheckAt !== null) expect(clock.now + sleepMs).toBeLessThanOrEqual(nextCheckAt);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(['now', 'lastCheckAt', 'periodMs'] as const)('refuses a %s that is no number', (name) => {
    expect(() => whenToCheck({ ...everySixHours, [name]: Number.NaN })).toThrow(name);
  });
});

describe('clearing by the clock', () => {
  it.each([
    { phrase: 'is allowed before the first check', lastCheckAt: null, allowed: true },
    { phrase: 'is allowed after the last check', lastCheckAt: NOW - 1, allowed: true },
    { phrase: 'is allowed at the last check', lastCheckAt: NOW, allowed: true },
    { phrase: 'is refused before the last check', lastCheckAt: NOW + 1, allowed: false },
  ])('$phrase', ({ lastCheckAt, allowed }) => {
    expect(mayClear(NOW, lastCheckAt)).toBe(allowed);
  });
});
