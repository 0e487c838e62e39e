import { wholeMs, wholeSpanMs } from './whole-ms.js';

export interface CheckClock {
  /** The database's; whole milliseconds since 1970. */
  now: number;
  /** The last check ever, kept across restarts; null: never checked. */
  lastCheckAt: number | null;
  /** Null: the feature is off. */
  periodMs: number | null;
  /** True from becoming leader until the first check after it. */
  becameLeader: boolean;
}

export type CheckReason =
  | 'disabled'
  | 'last_check_in_future'
  | 'became_leader'
  | 'never_checked'
  | 'period_over'
  | 'not_yet';

export interface CheckTime {
  due: boolean;
  reason: CheckReason;
  /** `now` when a check is due, null while the feature is off. */
  nextCheckAt: number | null;
}

/**
 * Whether a check is due now, and when the next one is, and why.
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function whenToCheck({ now, lastCheckAt, periodMs, becameLeader }: CheckClock): CheckTime {
  wholeMs('now', now);
  if (periodMs === null) {
    return { due: false, reason: 'disabled', nextCheckAt: null };
  }
  const dueNow = (reason: CheckReason): CheckTime => {
    return { due: true, reason, nextCheckAt: now };
  };
  if (lastCheckAt !== null && wholeMs('lastCheckAt', lastCheckAt) > now) {
    return dueNow('last_check_in_future');
  }
  if (becameLeader) return dueNow('became_leader');
  if (lastCheckAt === null) return dueNow('never_checked');

  const nextCheckAt = lastCheckAt + wholeSpanMs('periodMs', periodMs);
  if (now >= nextCheckAt) return dueNow('period_over');
  return { due: false, reason: 'not_yet', nextCheckAt };
}
