import { isMonth, monthAfter, monthAt, monthChoice } from './months.js';

const NOW = Date.UTC(2026, 10, 30, 23, 59);

test('months are in UTC', () => {
  expect(monthAt(NOW)).toBe('2026-11');
});

test('months follow each other across years', () => {
  expect(monthAfter('2026-12', 1)).toBe('2027-01');
  expect(monthAfter('2026-01', -1)).toBe('2025-12');
});

test('the last months can be chosen, and the one that is looked at', () => {
  const choice = monthChoice(NOW, '2024-02');
  expect(choice[0]).toBe('2026-11');
  expect(choice.at(-1)).toBe('2024-02');
  expect(monthChoice(NOW, '2026-10')).toHaveLength(14);
});

test.each(['2026-13', '2026-1', '26-11', '2026-11-01', ''])('%s is no month', (text) => {
  expect(isMonth(text)).toBe(false);
});
