/** The instants of a report, in whole milliseconds since 1970. */
export interface ReportTimes {
  readonly doneAt: number;
  readonly receivedAt: number;
  /** The message's `timestamp`; null if it has none. */
  readonly sentAt: number | null;
}

/**
 * When a success counts: at the earliest of `done_at`, `received_at` and `received_at − (timestamp − done_at)`, but not before 1970.
 * The database computes it in SQL; stored-reports.spec.ts compares the two.
 */
export function countedAt({ doneAt, receivedAt, sentAt }: ReportTimes): number {
  const byItsOwnClock = sentAt === null ? receivedAt : receivedAt - (sentAt - doneAt);
  return Math.max(0, Math.min(doneAt, receivedAt, byItsOwnClock));
}
