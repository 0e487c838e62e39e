/**
 * How late a check may be: the checker waits up to a minute for ingest's backlog, and a standby takes over within seconds. Without
 * ingest it waits longer; then the check is overdue.
 */
const CHECK_MAY_BE_LATE_MS = 90_000;

export type CheckTiming =
  | { readonly kind: 'disabled' | 'never_checked' }
  | { readonly kind: 'in_time' | 'overdue'; readonly nextCheckAt: number };

/** Whether checks are made in time. Whole milliseconds; a period of null: the feature is off. */
export function checkTiming(
  now: number,
  lastCheckAt: number | null,
  periodMs: number | null,
): CheckTiming {
  if (periodMs === null) return { kind: 'disabled' };
  if (lastCheckAt === null) return { kind: 'never_checked' };
  const nextCheckAt = lastCheckAt + periodMs;
  return { kind: now > nextCheckAt + CHECK_MAY_BE_LATE_MS ? 'overdue' : 'in_time', nextCheckAt };
}
