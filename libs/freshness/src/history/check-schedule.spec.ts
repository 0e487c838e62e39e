import { firstCheckFrom } from './check-schedule.js';

test.each([
  ['at a check it is that check', 100, 100],
  ['just before one it is that one', 99, 100],
  ['just after one it is the next', 101, 110],
  ['long before the known one', 55, 60],
  ['long after it', 171, 180],
])('%s', (_, at, expected) => {
  expect(firstCheckFrom(at, 100, 10)).toBe(expected);
});

test.each([0, -1, Number.NaN])('a period of %d is refused', (periodMs) => {
  expect(() => firstCheckFrom(1, 0, periodMs)).toThrow('periodMs');
});
