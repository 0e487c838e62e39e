import { ageInWords } from '@backup-awareness/freshness';

/** An instant in the local time zone, with its offset, to the second (`2026-11-23 04:05:06 +01:00`). */
export function localTime(at: Date | number | string): string {
  const date = new Date(at);
  const offsetMinutes = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + offsetMinutes * 60_000).toISOString();
  const sign = offsetMinutes < 0 ? '-' : '+';
  const offset = Math.abs(offsetMinutes);
  return `${local.slice(0, 19).replace('T', ' ')} ${sign}${two(Math.floor(offset / 60))}:${two(offset % 60)}`;
}

function two(count: number): string {
  return String(count).padStart(2, '0');
}

/** The distance of an instant from now: `2 h ago`, `in 3 h`. Whole milliseconds since 1970. */
export function distanceInWords(at: number, now: number): string {
  return at <= now ? `${ageInWords(now - at)} ago` : `in ${ageInWords(at - now)}`;
}

/** An instant with its distance from now. */
export function localTimeAndDistance(at: number, now: number): string {
  return `${localTime(at)} (${distanceInWords(at, now)})`;
}

/** RFC 3339 in UTC; null stays null. */
export function utc(at: Date | number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
