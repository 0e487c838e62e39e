/**
 * SQL for an instant in whole milliseconds since 1970, finer digits cut off. A double holds it exactly, and the driver returns doubles as
 * numbers. `extract` would calculate in numerics, and the driver would parse dates from text, 10,000 times per check.
 */
export function msOf(column: string): string {
  return `round(date_part('epoch', date_trunc('milliseconds', ${column})) * 1000)`;
}
