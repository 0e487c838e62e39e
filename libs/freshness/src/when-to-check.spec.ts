import { HOUR_MS } from './duration.js';
import { type CheckClock, whenToCheck } from './when-to-check.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const everySixHours: CheckClock = {
  now: NOW,
  lastCheckAt: NOW - HOUR_MS,
  periodMs: 6 * HOUR_MS,
  becameLeader: false,
};
const due = { due: true, nextCheckAt: NOW };

describe('a check', () => {
  it.each([
    {
      phrase: 'waits until the period is over',
      clock: {},
      expected: { due: false, reason: 'not_yet', nextCheckAt: NOW + 5 * HOUR_MS },
    },
    {
      phrase: 'waits for the last millisecond too',
      clock: { lastCheckAt: NOW - 6 * HOUR_MS + 1 },
      expected: { due: false, reason: 'not_yet', nextCheckAt: NOW + 1 },
    },
    {
      phrase: 'is due in the millisecond in which the period is over',
      clock: { lastCheckAt: NOW - 6 * HOUR_MS },
      expected: { ...due, reason: 'period_over' },
    },
    {
      phrase: 'is due after the machine slept for several periods',
      clock: { lastCheckAt: NOW - 600 * HOUR_MS },
      expected: { ...due, reason: 'period_over' },
    },
    {
      phrase: 'follows a shortened period at once',
      clock: { periodMs: HOUR_MS },
      expected: { ...due, reason: 'period_over' },
    },
    {
      phrase: 'is not due again in the very millisecond of the last one',
      clock: { lastCheckAt: NOW },
      expected: { due: false, reason: 'not_yet', nextCheckAt: NOW + 6 * HOUR_MS },
    },
    {
      phrase: 'is due for a new leader, even if the last one was just now',
      clock: { becameLeader: true },
      expected: { ...due, reason: 'became_leader' },
    },
    {
      phrase: 'is due for the first leader ever',
      clock: { becameLeader: true, lastCheckAt: null },
      expected: { ...due, reason: 'became_leader' },
    },
    {
      phrase: 'is due if there was none yet',
      clock: { lastCheckAt: null },
      expected: { ...due, reason: 'never_checked' },
    },
    {
      phrase: 'is never due with the feature off, not even for a new leader',
      clock: { periodMs: null, becameLeader: true },
      expected: { due: false, reason: 'disabled', nextCheckAt: null },
    },
  ])('$phrase ($expected.reason)', ({ clock, expected }) => {
    expect(whenToCheck({ ...everySixHours, ...clock })).toEqual(expected);
  });

  it.each(['now', 'lastCheckAt', 'periodMs'] as const)(
    'refuses a %s that is not a number',
    (name) => {
      expect(() => whenToCheck({ ...everySixHours, [name]: Number.NaN })).toThrow(name);
    },
  );
});
