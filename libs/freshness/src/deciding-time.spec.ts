import { CLOCK_TOLERANCE_MS, decidingTime, isClockInDoubt } from './deciding-time.js';
import { HOUR_MS } from './duration.js';

const NOW = Date.UTC(2026, 10, 23, 12);
const known = (now: number) => ({ isKnown: true, now });
const unknown = (latestAt: number) => ({
  isKnown: false,
  reason: 'clock_behind',
  clockAt: NOW,
  latestAt,
});

describe('the time of a decision', () => {
  it.each([
    { phrase: "is the clock's before anything was decided", latestAt: null, expected: known(NOW) },
    { phrase: "is the clock's while it advances", latestAt: NOW - HOUR_MS, expected: known(NOW) },
    { phrase: "is the clock's while it stands still", latestAt: NOW, expected: known(NOW) },
    {
      phrase: 'does not run backwards by a millisecond',
      latestAt: NOW + 1,
      expected: known(NOW + 1),
    },
    {
      phrase: 'is the latest one while the clock is a minute behind',
      latestAt: NOW + CLOCK_TOLERANCE_MS,
      expected: known(NOW + CLOCK_TOLERANCE_MS),
    },
    {
      phrase: 'is unknown a millisecond beyond that minute',
      latestAt: NOW + CLOCK_TOLERANCE_MS + 1,
      expected: unknown(NOW + CLOCK_TOLERANCE_MS + 1),
    },
    {
      phrase: 'is unknown while the clock is 36 hours behind',
      latestAt: NOW + 36 * HOUR_MS,
      expected: unknown(NOW + 36 * HOUR_MS),
    },
  ])('$phrase', ({ latestAt, expected }) => {
    expect(decidingTime(NOW, latestAt)).toEqual(expected);
  });

  it('tolerates a minute', () => expect(CLOCK_TOLERANCE_MS).toBe(60_000));

  it('is refused for what is not a number', () => {
    expect(() => decidingTime(Number.NaN, NOW)).toThrow('clockAt');
    expect(() => decidingTime(NOW, Number.NaN)).toThrow('latestAt');
  });
});

describe('the clock is', () => {
  it.each([
    { phrase: 'not in doubt if nothing lies ahead', latestAt: NOW, newestAt: NOW, doubt: false },
    {
      phrase: 'not in doubt before anything was stored',
      latestAt: null,
      newestAt: null,
      doubt: false,
    },
    {
      phrase: 'not in doubt because of a success a minute ahead',
      latestAt: NOW,
      newestAt: NOW + 60_000,
      doubt: false,
    },
    {
      phrase: 'in doubt because of a success further ahead',
      latestAt: NOW,
      newestAt: NOW + 60_001,
      doubt: true,
    },
    {
      phrase: 'in doubt while it is behind the latest decision',
      latestAt: NOW + 60_001,
      newestAt: null,
      doubt: true,
    },
  ])('$phrase', ({ latestAt, newestAt, doubt }) => {
    expect(isClockInDoubt(NOW, latestAt, newestAt)).toBe(doubt);
  });
});
