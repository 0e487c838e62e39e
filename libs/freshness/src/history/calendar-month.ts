import type { TimeSpan } from './engine-history.js';

const MONTH = /^(19[7-9]\d|[2-9]\d{3})-(0[1-9]|1[0-2])$/;

/** A month in UTC, whatever local clocks did in it, from `YYYY-MM` of the years from 1970 on; undefined for any other text. */
export function calendarMonth(text: string): TimeSpan | undefined {
  const match = MONTH.exec(text);
  if (!match) return undefined;
  const [year, month] = match.slice(1).map(Number) as [number, number];
  return { from: Date.UTC(year, month - 1), until: Date.UTC(year, month) };
}
