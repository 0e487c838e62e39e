import { instantText } from './past.js';

test('an address has no digits that say nothing', () => {
  expect(instantText(Date.UTC(2026, 2, 1, 6, 0, 0, 123))).toBe('2026-03-01T06:00:00Z');
  expect(instantText('2026-03-01T06:00:00.000Z')).toBe('2026-03-01T06:00:00Z');
});
