/** A month in UTC, as `2026-11`. @param at in milliseconds */
export function monthAt(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** The month that is a number of months later; earlier where that is negative. */
export function monthAfter(month: string, months: number): string {
  const [year, number] = month.split('-').map(Number);
  return monthAt(Date.UTC(year!, number! - 1 + months));
}

/** Months to choose from, the newest first: the last ones, and the one that is looked at. */
export function monthChoice(now: number, chosen: string): string[] {
  const present = monthAt(now);
  const last = Array.from({ length: MONTHS }, (_, back) => monthAfter(present, -back));
  return last.includes(chosen) ? last : [...last, chosen].toSorted().toReversed();
}

/** As long as reports are kept by default. */
const MONTHS = 14;

export function isMonth(text: string): boolean {
  return /^\d{4}-(0[1-9]|1[0-2])$/.test(text);
}
