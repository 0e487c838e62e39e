/** SQL for an instant in whole milliseconds since 1970, from a parameter or a sum of parameters (`$2 + $3`). */
export function instantOf(ms: string): string {
  return `to_timestamp((${ms.replaceAll(/\$\d+/g, '$&::float8')}) / 1000)`;
}
