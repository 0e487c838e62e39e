import { wholeMs } from './whole-ms.js';

/** How far the clock may be behind, or a success ahead, before what depends on it is unknown. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** The instant that decisions use, or why there is none. Instants are whole milliseconds since 1970. */
export type DecidingTime =
  | { readonly isKnown: true; readonly now: number }
  | {
      readonly isKnown: false;
      readonly reason: 'clock_behind';
      /** The reading of the database's clock. */
      readonly clockAt: number;
      /** The latest `now` of any decision. */
      readonly latestAt: number;
    };

/**
 * The `now` of a decision: the database's clock, but never before the latest `now` of any decision. A clock that is more than a
 * minute behind that was set back, or ran ahead before: nobody can know which of the two readings is right.
 *
 * @param latestAt null: nothing has been decided yet
 * Throws a RangeError for an instant that is not a whole number of milliseconds.
 */
export function decidingTime(clockAt: number, latestAt: number | null): DecidingTime {
  wholeMs('clockAt', clockAt);
  if (latestAt === null) return { isKnown: true, now: clockAt };
  const behindMs = wholeMs('latestAt', latestAt) - clockAt;
  if (behindMs > CLOCK_TOLERANCE_MS)
    return { isKnown: false, reason: 'clock_behind', clockAt, latestAt };
  return { isKnown: true, now: Math.max(clockAt, latestAt) };
}

/**
 * Whether it matters which reading of the database's clock is right: the clock is more than a minute behind the latest `now` of any
 * decision, or behind a success. Only then is there something for an administrator to accept.
 *
 * @param newestSuccessAt the newest success, as counted; null: there is none
 * Throws a RangeError for an instant that is not a whole number of milliseconds.
 */
export function isClockInDoubt(
  clockAt: number,
  latestAt: number | null,
  newestSuccessAt: number | null,
): boolean {
  const time = decidingTime(clockAt, latestAt);
  if (!time.isKnown) return true;
  return (
    newestSuccessAt !== null &&
    wholeMs('newestSuccessAt', newestSuccessAt) - time.now > CLOCK_TOLERANCE_MS
  );
}
