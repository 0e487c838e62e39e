import { parseInstant } from '@backup-awareness/contracts/plain';

export const SINCE_EXPECTED =
  'a date and time like 2026-11-23T04:05:06Z or 2026-11-23 (local time without an offset), or an age like 90s, 30m, 2h, 3d or 1w';

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
  const [, count, unit] = AGE.exec(text) ?? [];
  if (count !== undefined && unit !== undefined)
    return new Date(Math.max(now.getTime() - Number(count) * (UNIT_MS[unit] ?? 0), 0));
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
