import { wholeMs, wholeSpanMs } from './whole-ms.js';

export interface CheckClock {
  /** The known `decidingTime`; whole milliseconds since 1970. */
  readonly now: number;
  /** The last check, kept across restarts and never after `now`; null: none yet, or none since a clock was accepted. */
  readonly lastCheckAt: number | null;
  /** Null: the feature is off. */
  readonly periodMs: number | null;
  /** True from becoming leader until the first check after it. */
  readonly becameLeader: boolean;
}

/** Why a check is due. */
export type DueReason = 'became_leader' | 'never_checked' | 'period_over';
/** Why no check is due. */
export type NotDueReason = 'disabled' | 'not_yet';

export type CheckTime = {
  /** `now` if a check is due; null while the feature is off. */
  readonly nextCheckAt: number | null;
} & (
  | { readonly due: true; readonly reason: DueReason }
  | { readonly due: false; readonly reason: NotDueReason }
);

/**
 * Whether a check is due now, why, and when the next one is.
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function whenToCheck({ now, lastCheckAt, periodMs, becameLeader }: CheckClock): CheckTime {
  wholeMs('now', now);
  if (periodMs === null) {
    return { due: false, reason: 'disabled', nextCheckAt: null };
  }
  const dueNow = (reason: DueReason): CheckTime => {
    return { due: true, reason, nextCheckAt: now };
  };
  if (becameLeader) return dueNow('became_leader');
  if (lastCheckAt === null) return dueNow('never_checked');

  const nextCheckAt = wholeMs('lastCheckAt', lastCheckAt) + wholeSpanMs('periodMs', periodMs);
  if (now >= nextCheckAt) return dueNow('period_over');
  return { due: false, reason: 'not_yet', nextCheckAt };
}
