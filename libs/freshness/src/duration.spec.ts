import fc from 'fast-check';
import { ageInWords, daysToMs, durationInWords, hoursToMs, msToDays } from './duration.js';

describe('a span of time', () => {
  it.each([
    ['a part of a day', daysToMs(0.7), '16 hours and 48 minutes'],
    ['one day', daysToMs(1), '1 day'],
    ['a day and a half', daysToMs(1.5), '1 day and 12 hours'],
    ['ten years', daysToMs(3650), '3650 days'],
    ['the shortest period of checks', hoursToMs(1 / 3600), '1 second'],
    ['all units', 90_061_001, '1 day, 1 hour, 1 minute and 1.001 seconds'],
    ['a thousandth of an hour', hoursToMs(0.001), '3.6 seconds'],
    ['less than a second', 250, '250 milliseconds'],
    ['an hour and a little', 3_600_250, '1 hour and 250 milliseconds'],
    ['nothing', 0, 'no time'],
  ])('%s (%i ms) is "%s"', (_, ms, words) => {
    expect(durationInWords(ms)).toBe(words);
  });

  it('is converted from days or hours of a setting', () => {
    expect(daysToMs(1.5)).toBe(129_600_000);
    expect(hoursToMs(1.5)).toBe(5_400_000);
  });

  it('is the same after conversion to days and back, for every setting', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: daysToMs(3650) }), (ms) => {
        expect(daysToMs(Number(String(msToDays(ms))))).toBe(ms);
      }),
    );
  });
});

describe('an age', () => {
  it.each([
    [0, 'less than a second'],
    [999, 'less than a second'],
    [1_000, '1 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [60_500, '1 min'],
    [61_000, '1 min 1 s'],
    [hoursToMs(24), '1 d'],
    [hoursToMs(24) + 1, '1 d'],
    [hoursToMs(6) - 1, '5 h 59 min'],
    [hoursToMs(25), '1 d 1 h'],
    [hoursToMs(51) + 59_000, '2 d 3 h'],
    [hoursToMs(24) + 59_000, '1 d'],
  ])('of %i ms is "%s"', (ms, words) => {
    expect(ageInWords(ms)).toBe(words);
  });
});
