/** RFC 3339 in UTC, to the second: addresses are to be read. @param at in milliseconds, or RFC 3339 */
export function instantText(at: number | string): string {
  return new Date(at).toISOString().replace(/\.\d+Z$/, 'Z');
}
