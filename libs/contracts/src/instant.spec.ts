import { parseInstant } from './instant.js';

describe('an instant', () => {
  it.each([
    ['in UTC', '2026-11-23T04:05:06Z', '2026-11-23T04:05:06.000000Z'],
    ['with an offset ahead', '2026-11-23T04:05:06+05:30', '2026-11-22T22:35:06.000000Z'],
    ['with an offset behind', '2026-11-23T23:05:06-01:00', '2026-11-24T00:05:06.000000Z'],
    ['with microseconds', '2026-11-23T04:05:06.123456Z', '2026-11-23T04:05:06.123456Z'],
    [
      'with nanoseconds, truncated',
      '2026-11-23T04:05:06.123456789Z',
      '2026-11-23T04:05:06.123456Z',
    ],
    ['with a tenth', '2026-11-23T04:05:06.5Z', '2026-11-23T04:05:06.500000Z'],
    ['with milliseconds', '2026-11-23T04:05:06.123Z', '2026-11-23T04:05:06.123000Z'],
    ['with a fraction, on a 29th', '2026-04-29T00:00:00.5Z', '2026-04-29T00:00:00.500000Z'],
    ['with a fraction, on a 30th', '2026-04-30T00:00:00.5Z', '2026-04-30T00:00:00.500000Z'],
    ['with a fraction, on a 31st', '2026-12-31T23:59:59.5Z', '2026-12-31T23:59:59.500000Z'],
    ['with a fraction, on a leap day', '2028-02-29T00:00:00.5Z', '2028-02-29T00:00:00.500000Z'],
    ['with a fraction, at the earliest', '1970-01-01T00:00:00.0Z', '1970-01-01T00:00:00.000000Z'],
    ['in lower case', '2026-11-23t04:05:06z', '2026-11-23T04:05:06.000000Z'],
    ['on a leap day', '2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000000Z'],
    ['in a leap second', '2016-12-31T23:59:60Z', '2017-01-01T00:00:00.000000Z'],
    ['in a leap second elsewhere', '2017-01-01T00:59:60+01:00', '2017-01-01T00:00:00.000000Z'],
    ['at the earliest', '1970-01-01T00:00:00Z', '1970-01-01T00:00:00.000000Z'],
    ['at the latest', '9999-12-31T23:59:59.999999Z', '9999-12-31T23:59:59.999999Z'],
  ])('%s is read as UTC with microseconds', (_, text, expected) => {
    expect(parseInstant(text)).toBe(expected);
  });

  it.each([
    ['without an offset', '2026-11-23T04:05:06'],
    ['a date alone', '2026-11-23'],
    ['with a space instead of the T', '2026-11-23 04:05:06Z'],
    ['on a day that does not exist', '2026-02-30T00:00:00Z'],
    ['on a leap day of a common year', '2026-02-29T00:00:00Z'],
    ['on a leap day of 1900', '1900-02-29T00:00:00Z'],
    ['with a fraction, on 29 February of a common year', '2026-02-29T00:00:00.5Z'],
    ['with a fraction, on a 31 April', '2026-04-31T00:00:00.5Z'],
    ['with a fraction, on a day 0', '2026-04-00T00:00:00.5Z'],
    ['with a fraction, in a month 0', '2026-00-10T00:00:00.5Z'],
    ['with a fraction, in a 13th month', '2026-13-01T00:00:00.5Z'],
    ['with a fraction, at 24 o’clock', '2026-01-01T24:00:00.5Z'],
    ['with a fraction, before 1970', '1969-12-31T23:59:59.5Z'],
    ['in a 13th month', '2026-13-01T00:00:00Z'],
    ['in a month 0', '2026-00-10T00:00:00Z'],
    ['on a day 0', '2026-01-00T00:00:00Z'],
    ['at 24 o’clock', '2026-01-01T24:00:00Z'],
    ['in a minute 60', '2026-01-01T00:60:00Z'],
    ['in a second 60 at noon', '2026-01-01T12:00:60Z'],
    ['in a second 61', '2016-12-31T23:59:61Z'],
    ['with an offset of 24 hours', '2026-01-01T00:00:00+24:00'],
    ['before 1970', '1969-12-31T23:59:59Z'],
    ['before 1970 by its offset', '1970-01-01T00:00:00+00:01'],
    ['in the year 10000 by its offset', '9999-12-31T23:59:59-00:01'],
    ['in a year of five digits', '10000-01-01T00:00:00Z'],
    ['with an empty fraction', '2026-01-01T00:00:00.Z'],
    ['with a space before it', ' 2026-01-01T00:00:00Z'],
    ['with a line end after it', '2026-01-01T00:00:00Z\n'],
    ['with Arabic digits', '٢٠٢٦-01-01T00:00:00Z'],
    ['in words', 'yesterday'],
    ['empty', ''],
  ])('%s is refused', (_, text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});
