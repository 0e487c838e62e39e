import { formatExact, formatShort } from './format.js';

test.each([formatExact, formatShort])('an instant is told with its zone', (format) => {
  expect(format('2026-11-29T16:53:00Z')).toMatch(/:\d\d [A-Z]{2,5}([+-][\d:]+)?$/);
});
