import { DAY_MS } from '../duration.js';
import { calendarMonth } from './calendar-month.js';

const days = (text: string) => {
  const month = calendarMonth(text);
  return month && (month.until - month.from) / DAY_MS;
};

test.each([
  ['2026-02', 28],
  ['2028-02', 29],
  ['2026-12', 31],
  ['1970-01', 31],
  ['9999-12', 31],
  // With a change of the clock in most of Europe: a month in UTC knows of none.
  ['2026-03', 31],
  ['2026-10', 31],
])('%s has %i days of 24 hours', (text, expected) => {
  expect(days(text)).toBe(expected);
});

test('a month ends where the next one begins', () => {
  expect(calendarMonth('2026-12')?.until).toBe(calendarMonth('2027-01')?.from);
  expect(calendarMonth('2026-11')?.from).toBe(Date.UTC(2026, 10, 1));
});

test.each([
  '2026-13',
  '2026-00',
  '2026-1',
  '26-01',
  '2026-11-01',
  ' 2026-11',
  '1969-12',
  '1899-12',
  '',
])('%j is no month', (text) => {
  expect(calendarMonth(text)).toBeUndefined();
});
