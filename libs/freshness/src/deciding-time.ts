import { wholeMs } from './whole-ms.js';

/** How far a clock may lie behind, or a success ahead, before anything depending on it is unknown. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** The instant to decide by, or why there is none. Instants are whole milliseconds since 1970. */
export type DecidingTime =
  | { readonly isKnown: true; readonly now: number }
  | {
      readonly isKnown: false;
      readonly reason: 'clock_behind';
      /** What the database's clock says. */
      readonly clockAt: number;
      /** The latest instant ever decided by. */
      readonly latestAt: number;
    };

/**
 * The `now` to decide by: the database's clock, but never before the latest `now` ever decided by. A clock more than a minute
 * behind that was put back, or ran ahead before: which of the two readings is right cannot be known.
 *
 * @param latestAt null: nothing was ever decided
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
 * Whether anything depends on which reading of the database's clock is right: it lies behind the latest `now` ever decided by, or
 * behind a success, by more than a minute. Only then is there something for an administrator to accept.
 *
 * @param newestSuccessAt when the newest success counts; null: there is none
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
