/** What the reckoning of a report starts from; instants are whole milliseconds since 1970. */
export interface ReportTimes {
  readonly doneAt: number;
  readonly receivedAt: number;
  /** The message's `timestamp`, null where it has none. */
  readonly sentAt: number | null;
}

/**
 * When a success counts, by the contract ("What counts as fresh"): at the earliest of `done_at`, `received_at` and
 * `received_at − (timestamp − done_at)`, but not before 1970. The database reckons it in SQL; stored-reports.spec.ts compares.
 */
export function countedAt({ doneAt, receivedAt, sentAt }: ReportTimes): number {
  const byItsOwnClock = sentAt === null ? receivedAt : receivedAt - (sentAt - doneAt);
  return Math.max(0, Math.min(doneAt, receivedAt, byItsOwnClock));
}
