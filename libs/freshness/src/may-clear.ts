/**
 * Whether alerts may be cleared by what the clock says: not while `now` lies before the last check,
 * since the clock was then put back, and what is fresh by it may not be. Whole milliseconds; null: never checked.
 */
export function mayClear(now: number, lastCheckAt: number | null): boolean {
  return lastCheckAt === null || now >= lastCheckAt;
}
