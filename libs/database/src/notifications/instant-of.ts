/** SQL for a parameter that is an instant in whole milliseconds since 1970. */
export function instantOf(parameter: string): string {
  return `to_timestamp(${parameter}::float8 / 1000)`;
}
