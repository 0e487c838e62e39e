import { wholeMs, wholeSpanMs } from './whole-ms.js';

const LAST_INSTANT = 8.64e15;

describe('whole milliseconds', () => {
  it.each([LAST_INSTANT, -LAST_INSTANT, 0])('may be %d', (value) => {
    expect(wholeMs('now', value)).toBe(value);
  });

  it.each([LAST_INSTANT + 1, -LAST_INSTANT - 1, 0.5, Number.NaN])(
    'may not be %d, and the error names it',
    (value) => {
      expect(() => wholeMs('now', value)).toThrow(`now: expected whole milliseconds, got ${value}`);
    },
  );

  it('may be 0 for a span, and not less', () => {
    expect(wholeSpanMs('periodMs', 0)).toBe(0);
    expect(() => wholeSpanMs('periodMs', -1)).toThrow(
      'periodMs: expected 0 or more milliseconds, got -1',
    );
  });
});
