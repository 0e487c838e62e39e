/** The greatest distance from 1970, either way, that a calendar date can be reckoned for. */
const LAST_INSTANT = 8.64e15;

/**
 * Lets pass an instant or a span in whole milliseconds, and throws a RangeError that names it otherwise.
 *
 * A NaN compares as "not too old", and so would silently say fresh; a fraction that one side keeps and
 * the other cuts off would say that a backup is newer than itself.
 */
export function wholeMs(name: string, value: number): number {
  if (!Number.isInteger(value) || Math.abs(value) > LAST_INSTANT) {
    throw new RangeError(`${name}: expected whole milliseconds, got ${value}`);
  }
  return value;
}

/** The same for a span of time, which cannot be negative. */
export function wholeSpanMs(name: string, value: number): number {
  if (wholeMs(name, value) < 0) {
    throw new RangeError(`${name}: expected 0 or more milliseconds, got ${value}`);
  }
  return value;
}
