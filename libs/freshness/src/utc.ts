/** An instant in UTC without its fraction: `2026-11-23 01:10:42 UTC`. */
export function utc(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
