import type { TimeSpan } from './engine-history.js';

const MONTH = /^(\d{4})-(0[1-9]|1[0-2])$/;

/** A month in UTC, whatever local clocks did in it, from `YYYY-MM` of the years 1970 to 9998; undefined for any other text. */
export function calendarMonth(text: string): TimeSpan | undefined {
  const [, year, month] = MONTH.exec(text) ?? [];
  if (year === undefined || month === undefined || year < '1970' || year > '9998') return undefined;
  return { from: Date.UTC(+year, +month - 1), until: Date.UTC(+year, +month) };
}
