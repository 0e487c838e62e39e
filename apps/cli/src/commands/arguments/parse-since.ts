import { parseInstant } from '@backup-awareness/contracts/plain';

const DATE_EXPECTED =
  'a date and time like 2026-11-23T04:05:06Z or 2026-11-23 (local time without an offset)';
const SPANS = '90s, 30m, 2h, 3d or 1w';
export const SINCE_EXPECTED = `${DATE_EXPECTED}, or an age like ${SPANS}`;
export const UNTIL_EXPECTED = `${DATE_EXPECTED}, or a time from now like ${SPANS}`;

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};

const AGE = /^(\d{1,9}(?:\.\d{1,3})?)([smhdw])$/;
const LOCAL = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$/;

/** The instant that a text means, before `now` if it is an age; undefined if it is neither. */
export function parseSince(text: string, now: Date): Date | undefined {
  const ageMs = parseSpan(text);
  return ageMs === undefined ? parseDate(text) : new Date(Math.max(now.getTime() - ageMs, 0));
}

/** The same, but a span of time lies after `now`. */
export function parseUntil(text: string, now: Date): Date | undefined {
  const spanMs = parseSpan(text);
  return spanMs === undefined
    ? parseDate(text)
    : new Date(Math.min(now.getTime() + spanMs, LATEST_MS));
}

/** The latest instant that can be written as RFC 3339. */
const LATEST_MS = Date.parse('9999-12-31T23:59:59.999Z');

function parseSpan(text: string): number | undefined {
  const [, count, unit] = AGE.exec(text) ?? [];
  return count === undefined || unit === undefined
    ? undefined
    : Number(count) * (UNIT_MS[unit] ?? 0);
}

function parseDate(text: string): Date | undefined {
  const instant = parseInstant(text.replace(' ', 'T'));
  if (instant !== undefined) return new Date(instant);
  return LOCAL.test(text) ? readLocal(text) : undefined;
}

function readLocal(text: string): Date | undefined {
  const [day = '', time = '00:00'] = text.split(/[T ]/);
  // Refuses days that do not exist: Date would turn 30 February into 2 March.
  if (parseInstant(`${day}T00:00:00Z`) === undefined) return undefined;
  const date = new Date(`${day}T${time}`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
