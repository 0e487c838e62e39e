export const DAY_MS = 86_400_000;
export const HOUR_MS = 3_600_000;

const UNITS: readonly (readonly [name: string, ms: number])[] = [
  ['day', DAY_MS],
  ['hour', HOUR_MS],
  ['minute', 60_000],
  ['second', 1_000],
  ['millisecond', 1],
];

/** Days, as a setting has them, in whole milliseconds. */
export function daysToMs(days: number): number {
  return Math.round(days * DAY_MS);
}

/** Hours, as a setting has them, in whole milliseconds. */
export function hoursToMs(hours: number): number {
  return Math.round(hours * HOUR_MS);
}

/** The way back: `daysToMs(msToDays(ms))` is `ms` again for every span that a setting allows. */
export function msToDays(ms: number): number {
  return ms / DAY_MS;
}

/** A span of whole milliseconds in words, exactly: "1 day, 4 hours and 30 minutes". */
export function durationInWords(ms: number): string {
  const parts: string[] = [];
  let restMs = ms;
  for (const [name, unitMs] of UNITS) {
    const count = Math.floor(restMs / unitMs);
    restMs -= count * unitMs;
    if (count > 0) parts.push(`${count} ${name}${count === 1 ? '' : 's'}`);
  }
  return joined(parts) || 'no time at all';
}

/**
 * An age in whole milliseconds in words, cut to its greatest unit and the one below:
 * "over 1 day and 1 hour". "Over" stands for what was cut off.
 */
export function ageInWords(ms: number): string {
  if (ms < 1_000) return 'less than a second';
  const greatest = UNITS.findIndex(([, unitMs]) => ms >= unitMs);
  const [, belowMs] = UNITS[greatest + 1] ?? ['', 1];
  const restMs = ms % Math.max(belowMs, 1_000);
  return (restMs > 0 ? 'over ' : '') + durationInWords(ms - restMs);
}

function joined(parts: readonly string[]): string {
  if (parts.length < 2) return parts.join('');
  return `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;
}
