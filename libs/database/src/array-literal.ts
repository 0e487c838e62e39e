const NEEDS_ESCAPE = /["\\]/;
const ESCAPED = /["\\]/g;

/**
 * One column of many rows as a PostgreSQL array literal, for `unnest`. The driver would make the same text out of an
 * array in twice the time, which counts where tens of thousands of rows pass in a second.
 */
export function arrayLiteral<Row>(
  rows: readonly Row[],
  column: (row: Row) => string | number | boolean | null,
): string {
  let literal = '{';
  for (const row of rows) {
    if (literal.length > 1) literal += ',';
    const value = column(row);
    if (value === null) literal += 'NULL';
    else if (typeof value !== 'string') literal += String(value);
    else if (NEEDS_ESCAPE.test(value)) literal += `"${value.replace(ESCAPED, '\\$&')}"`;
    else literal += `"${value}"`;
  }
  return `${literal}}`;
}
