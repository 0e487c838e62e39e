/**
 * SQL for an instant in whole milliseconds since 1970, finer digits cut off. A double holds them exactly, and the driver gives doubles as
 * numbers; `extract` would reckon in numerics, and the driver would read a date out of text, 10,000 times in a check.
 */
export function msOf(column: string): string {
  return `round(date_part('epoch', date_trunc('milliseconds', ${column})) * 1000)`;
}
