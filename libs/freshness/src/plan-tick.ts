import type { AlertPeriod } from './alert-period.js';
import { whenToCheck, type DueReason } from './when-to-check.js';

/** `all` in a check and after a change of settings; `pending`: engines with an alert, and those an administrator has changed. */
export type Which = 'all' | 'pending';

/** The input of a leader's tick. Instants and periods are whole milliseconds, by the database's clock. */
export interface TickSituation {
  /** The known `decidingTime`. */
  readonly now: number;
  /** The last check, kept across restarts and never after `now`; null: a check is due. */
  readonly lastCheckAt: number | null;
  /** Null: the feature is off. */
  readonly checkPeriodMs: number | null;
  readonly general: AlertPeriod;
  /** True from becoming leader until the first check after it. */
  readonly becameLeader: boolean;
  /** False while ingest has a backlog after a start: it may hold the very backup that seems to be missing. */
  readonly mayCheck: boolean;
  /** The `decidedBy` of this leader's last plan; undefined for a new leader. */
  readonly decidedBy: string | undefined;
}

export interface TickPlan {
  /** Why this tick is a check; null: it is not. */
  readonly checkReason: DueReason | null;
  readonly which: Which;
  readonly featureEnabled: boolean;
  /** Null while the feature is off; in a check, the one after it. */
  readonly nextCheckAt: number | null;
  /** The settings that the last decision about all engines used, once this plan is carried out. */
  readonly decidedBy: string | undefined;
}

/**
 * Plans a tick of the leader: whether it is a check, why, and which engines it decides.
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function planTick(situation: TickSituation): TickPlan {
  const { now, lastCheckAt, checkPeriodMs, general, becameLeader, mayCheck } = situation;
  const time = whenToCheck({
    now,
    lastCheckAt,
    periodMs: checkPeriodMs,
    becameLeader,
  });
  // With the instant of the change: a period that was changed and changed back needs a decision, too.
  const inForce = JSON.stringify([checkPeriodMs, general.days, general.changedAt]);
  const checkReason = time.due && mayCheck ? time.reason : null;
  const isAll = mayCheck && (time.due || inForce !== situation.decidedBy);
  return {
    checkReason,
    which: isAll ? 'all' : 'pending',
    featureEnabled: checkPeriodMs !== null,
    nextCheckAt:
      checkReason !== null && checkPeriodMs !== null ? now + checkPeriodMs : time.nextCheckAt,
    decidedBy: isAll ? inForce : situation.decidedBy,
  };
}
