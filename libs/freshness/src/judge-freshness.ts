import type { EngineFacts } from './engine-facts.js';
import { CLOCK_TOLERANCE_MS } from './deciding-time.js';
import { lastFullBackup } from './last-full-backup.js';
import { wholeMs, wholeSpanMs } from './whole-ms.js';

/**
 * What the facts alone say about an engine at one instant, whatever was decided before.
 * `lastFullBackupAt` is as counted (it may lie in the future after a clock was set back); `ageMs` is never negative.
 */
export type Freshness =
  | { verdict: 'fresh'; lastFullBackupAt: number; ageMs: number }
  | { verdict: 'no_full_backup'; lastFullBackupAt: null; sinceAt: number }
  | { verdict: 'too_old'; lastFullBackupAt: number; ageMs: number; sinceAt: number }
  /** Fresh, except that `successAt`, the last success of db or files, lies in the future: its true age is unknown. */
  | { verdict: 'unknown'; lastFullBackupAt: number; successAt: number };

/** The two verdicts that make an alert. */
export type Complaint = Extract<Freshness, { sinceAt: number }>;

/**
 * Judges the last full backup, the earlier of the last success of `db` and that of `files`.
 * It is too old when its age exceeds the period by a millisecond; at exactly the period it is fresh.
 * A success up to a minute in the future counts as of `now`. One further ahead makes the engine unknown, unless it is too old or
 * without a full backup whatever the true age. `sinceAt` never lies after `now`.
 *
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function judgeFreshness(facts: EngineFacts, now: number): Freshness {
  refuseUnreadable(facts, now);
  const { alertPeriodMs } = facts;
  const lastFullBackupAt = lastFullBackup(facts);
  if (lastFullBackupAt === null) {
    const sinceAt = Math.min(facts.watchedSinceAt, now);
    return { verdict: 'no_full_backup', lastFullBackupAt, sinceAt };
  }
  const ageMs = now - Math.min(lastFullBackupAt, now);
  if (ageMs <= alertPeriodMs) {
    // Neither is null if there is a full backup.
    const successAt = Math.max(facts.lastDbSuccessAt!, facts.lastFilesSuccessAt!);
    return successAt - now > CLOCK_TOLERANCE_MS
      ? { verdict: 'unknown', lastFullBackupAt, successAt }
      : { verdict: 'fresh', lastFullBackupAt, ageMs };
  }

  // If the period was changed after the backup exceeded it, the change made it too old: until then another period held.
  const overAt = lastFullBackupAt + alertPeriodMs;
  const sinceAt = Math.min(Math.max(overAt, facts.alertPeriodChangedAt ?? overAt), now);
  return { verdict: 'too_old', lastFullBackupAt, ageMs, sinceAt };
}

function refuseUnreadable(facts: EngineFacts, now: number): void {
  wholeMs('now', now);
  wholeMs('watchedSinceAt', facts.watchedSinceAt);
  wholeSpanMs('alertPeriodMs', facts.alertPeriodMs);
  for (const name of ['lastDbSuccessAt', 'lastFilesSuccessAt', 'alertPeriodChangedAt'] as const) {
    const at = facts[name];
    if (at !== null) wholeMs(name, at);
  }
}
