/** The maximum age of the last full backup, and since when it holds. */
export interface AlertPeriod {
  readonly days: number;
  /** Whole milliseconds since 1970; null: never changed. */
  readonly changedAt: number | null;
}

/** An engine's own period: `days` is null where the general one holds; `changedAt` is then when its own was removed. */
export interface OwnAlertPeriod {
  readonly days: number | null;
  readonly changedAt: number | null;
}

/**
 * The period that holds for an engine. Without one of its own, it holds since the general one changed or its own was removed,
 * whichever was later.
 */
export function alertPeriodOf(own: OwnAlertPeriod, general: AlertPeriod): AlertPeriod {
  if (own.days !== null) return { days: own.days, changedAt: own.changedAt };
  return { days: general.days, changedAt: later(own.changedAt, general.changedAt) };
}

function later(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
