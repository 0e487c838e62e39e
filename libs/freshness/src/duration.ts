export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

const UNITS: readonly (readonly [name: string, short: string, ms: number])[] = [
  ['day', 'd', DAY_MS],
  ['hour', 'h', HOUR_MS],
  ['minute', 'min', 60_000],
  ['second', 's', 1_000],
  ['millisecond', 'ms', 1],
];

/** Days, as a setting has them, in whole milliseconds. */
export function daysToMs(days: number): number {
  return Math.round(days * DAY_MS);
}

/** Hours, as a setting has them, in whole milliseconds. */
export function hoursToMs(hours: number): number {
  return Math.round(hours * HOUR_MS);
}

/** The inverse: `daysToMs(msToDays(ms))` is `ms` for every span that a setting allows. */
export function msToDays(ms: number): number {
  return ms / DAY_MS;
}

/** A span of whole milliseconds in words, exactly: "1 day, 4 hours and 30 minutes", "3.6 seconds". */
export function durationInWords(ms: number): string {
  const parts: string[] = [];
  let restMs = ms;
  for (const [name, , unitMs] of UNITS) {
    // A second has a fraction; less than one is known in milliseconds.
    const isLast = unitMs === 1_000 && restMs > unitMs;
    const count = isLast ? restMs / unitMs : Math.floor(restMs / unitMs);
    restMs = isLast ? 0 : restMs - count * unitMs;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return joined(parts) || 'no time';
}

/** An age in whole milliseconds, cut to its two greatest units: "5 h 59 min". */
export function ageInWords(ms: number): string {
  if (ms < 1_000) return 'less than a second';
  const greatest = UNITS.findIndex(([, , unitMs]) => ms >= unitMs);
  const parts: string[] = [];
  let restMs = ms;
  for (const [, short, unitMs] of UNITS.slice(greatest, greatest + 2)) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0 && unitMs >= 1_000) parts.push(`${count} ${short}`);
  }
  return parts.join(' ');
}

function joined(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
