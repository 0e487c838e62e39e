/** SQL for an instant that is given in whole milliseconds since 1970, by a parameter or by a sum of some (`$2 + $3`). */
export function instantOf(ms: string): string {
  return `to_timestamp((${ms.replaceAll(/\$\d+/g, '$&::float8')}) / 1000)`;
}
