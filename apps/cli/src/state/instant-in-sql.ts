/** An instant of the database as whole milliseconds since 1970: as a double, which reaches us as a number and holds them exactly. */
export function instantMs(column: string): string {
  return `floor(extract(epoch FROM ${column}) * 1000)::float8`;
}
