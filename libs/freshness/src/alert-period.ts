/** The longest age allowed of a last full backup, and since when. */
export interface AlertPeriod {
  readonly days: number;
  /** Whole milliseconds since 1970; null: it never was changed. */
  readonly changedAt: number | null;
}

/** An engine's own: `days` is null where it goes by the general one, `changedAt` then when its own was dropped. */
export interface OwnAlertPeriod {
  readonly days: number | null;
  readonly changedAt: number | null;
}

/**
 * The period an engine goes by. One without its own is concerned by the general one's change and by the dropping of its own,
 * so by the later of the two.
 */
export function alertPeriodOf(own: OwnAlertPeriod, general: AlertPeriod): AlertPeriod {
  if (own.days !== null) return { days: own.days, changedAt: own.changedAt };
  return { days: general.days, changedAt: later(own.changedAt, general.changedAt) };
}

function later(a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return Math.max(a, b);
}
