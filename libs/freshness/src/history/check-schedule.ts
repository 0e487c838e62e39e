import { wholeMs, wholeSpanMs } from '../whole-ms.js';

/**
 * The first check at or after an instant, where checks are made every `periodMs`, before and after one of `anchorAt`.
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds, and for a period of 0.
 */
export function firstCheckFrom(at: number, anchorAt: number, periodMs: number): number {
  if (wholeSpanMs('periodMs', periodMs) === 0)
    throw new RangeError('periodMs: expected at least 1 millisecond, got 0');
  const periods = Math.ceil((wholeMs('at', at) - wholeMs('anchorAt', anchorAt)) / periodMs);
  return anchorAt + periods * periodMs;
}
