/** The greatest distance from 1970, either way, that a `Date` can hold. */
const LAST_INSTANT = 8.64e15;

/**
 * Returns an instant or a span in whole milliseconds as it is; throws a RangeError that names it for anything else.
 *
 * NaN compares as "not too old" and would silently mean fresh; a fraction that one side keeps and the other cuts off would make a
 * backup newer than itself.
 */
export function wholeMs(name: string, value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) > LAST_INSTANT) {
    throw new RangeError(`${name}: expected whole milliseconds, got ${value}`);
  }
  return value;
}

/** The same for a span of time, which is never negative. */
export function wholeSpanMs(name: string, value: number): number {
  if (wholeMs(name, value) < 0) {
    throw new RangeError(`${name}: expected 0 or more milliseconds, got ${value}`);
  }
  return value;
}
