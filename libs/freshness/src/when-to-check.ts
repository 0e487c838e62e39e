import { wholeMs, wholeSpanMs } from './whole-ms.js';

export interface CheckClock {
  /** The known `decidingTime`; whole milliseconds since 1970. */
  now: number;
  /** The last check, kept across restarts and never after `now`; null: never checked, or none since a clock was accepted. */
  lastCheckAt: number | null;
  /** Null: the feature is off. */
  periodMs: number | null;
  /** True from becoming leader until the first check after it. */
  becameLeader: boolean;
}

export type CheckReason =
  'disabled' | 'became_leader' | 'never_checked' | 'period_over' | 'not_yet';

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
  if (becameLeader) return dueNow('became_leader');
  if (lastCheckAt === null) return dueNow('never_checked');

  const nextCheckAt = wholeMs('lastCheckAt', lastCheckAt) + wholeSpanMs('periodMs', periodMs);
  if (now >= nextCheckAt) return dueNow('period_over');
  return { due: false, reason: 'not_yet', nextCheckAt };
}
