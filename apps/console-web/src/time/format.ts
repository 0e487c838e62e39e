const LANGUAGE = 'en';

const exact = new Intl.DateTimeFormat(LANGUAGE, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});
const short = new Intl.DateTimeFormat(LANGUAGE, {
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'short',
});
const monthDay = new Intl.DateTimeFormat(LANGUAGE, { month: 'short', day: 'numeric' });
const exactUtc = new Intl.DateTimeFormat(LANGUAGE, {
  year: 'numeric',
  month: 'short',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
  timeZone: 'UTC',
  timeZoneName: 'short',
});
const monthName = new Intl.DateTimeFormat(LANGUAGE, {
  year: 'numeric',
  month: 'long',
  timeZone: 'UTC',
});
const count = new Intl.NumberFormat(LANGUAGE);
const share = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 });

type Instant = string | number;
const dateOf = (instant: Instant) => new Date(instant);

/** To the second, with the time zone: what a log is compared with. */
export const formatExact = (instant: Instant): string => exact.format(dateOf(instant));
/** To the minute, without the year, with the time zone. */
export const formatShort = (instant: Instant): string => short.format(dateOf(instant));
/** Without the year, for an axis. */
export const formatMonthDay = (instant: Instant): string => monthDay.format(dateOf(instant));
/** To the minute, in UTC: for reports, which are the same for every reader. */
export const formatExactUtc = (instant: Instant): string => exactUtc.format(dateOf(instant));
/** @param month `2026-11`, in UTC as reports are */
export const formatMonth = (month: string): string => monthName.format(dateOf(`${month}-01`));
export const formatCount = (value: number): string => count.format(value);
/** @param value 1 is 100 % */
export const formatShare = (value: number): string => share.format(value);

const UNITS = [
  ['d', 86_400],
  ['h', 3_600],
  ['min', 60],
  ['s', 1],
] as const;

/** The two largest units, rounded down: `3 d 4 h`, `12 min 5 s`, `0 s`. @param milliseconds not negative */
export function formatDuration(milliseconds: number): string {
  let rest = Math.floor(Math.max(0, milliseconds) / 1_000);
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    const whole = Math.floor(rest / seconds);
    rest -= whole * seconds;
    if (whole > 0 || (unit === 's' && parts.length === 0)) parts.push(`${whole} ${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ');
}

/** `3 d 4 h ago`, `in 12 min`; `now` within a second. */
export function formatRelative(instant: Instant, now: number): string {
  const apart = dateOf(instant).getTime() - now;
  if (Math.abs(apart) < 1_000) return 'now';
  return apart > 0 ? `in ${formatDuration(apart)}` : `${formatDuration(-apart)} ago`;
}
