const RFC_3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:([Zz])|([+-])(\d{2}):(\d{2}))$/;

/** The common case: in UTC, with a fraction of at most microseconds, from 1970 on, on a day that the month has in every year. */
const PLAIN_UTC = new RegExp(
  '^(?:19[7-9]\\d|[2-9]\\d{3})-' +
    '(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)' +
    'T(?:[01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d\\.\\d{1,6}Z$',
);
const LENGTH_WITHOUT_Z = '2026-11-23T04:05:06.000000'.length;

const EARLIEST_MS = Date.UTC(1970, 0, 1);
const LATEST_MS = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

export const INSTANT_EXPECTED =
  'an RFC 3339 date and time with an offset, a real date of the years 1970 to 9999, as 2026-11-23T04:05:06Z';

/**
 * Reads an RFC 3339 date and time with an offset.
 *
 * @returns the instant in UTC with microseconds (`2026-11-23T04:05:06.000000Z`; finer digits are cut off),
 * or undefined if the text is not such a date. A leap second (`23:59:60` UTC) is the second after it, as in PostgreSQL.
 * @see https://www.rfc-editor.org/rfc/rfc3339#section-5.6
 */
export function parseInstant(text: string): string | undefined {
  // The fast path: no arithmetic, and no match object.
  if (PLAIN_UTC.test(text)) return `${text.slice(0, -1).padEnd(LENGTH_WITHOUT_Z, '0')}Z`;
  const match = RFC_3339.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const offset = offsetMinutes(match);
  if (offset === undefined || hour > 23 || minute > 59 || second > 60) return undefined;
  if (!isRealDate(year, month, day)) return undefined;
  const fraction = (match[7] ?? '').slice(0, 6).padEnd(6, '0');
  const secondMs = utcMs(year, month, day, hour, minute, second) - offset * 60_000;
  if (second === 60 && !isMidnight(secondMs)) return undefined;
  if (secondMs < EARLIEST_MS || secondMs > LATEST_MS) return undefined;
  return `${new Date(secondMs).toISOString().slice(0, 19)}.${fraction}Z`;
}

function offsetMinutes(match: RegExpExecArray): number | undefined {
  if (match[8]) return 0;
  const hours = Number(match[10]);
  const minutes = Number(match[11]);
  if (hours > 23 || minutes > 59) return undefined;
  return (match[9] === '-' ? -1 : 1) * (hours * 60 + minutes);
}

function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  // Every month has 28 days.
  return day <= 28 || new Date(utcMs(year, month, day, 0, 0, 0)).getUTCMonth() === month - 1;
}

/** Like `Date.UTC`, except that the years 0 to 99 are not read as 1900 to 1999. */
function utcMs(year: number, month: number, day: number, h: number, m: number, s: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(h, m, s);
  return date.getTime();
}

function isMidnight(ms: number): boolean {
  return ms % 86_400_000 === 0;
}
