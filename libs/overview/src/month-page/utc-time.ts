/** An instant for an auditor: in UTC, to the second (`2026-11-23 04:05:06 UTC`). */
export function utcTime(at: number | string): string {
  return `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
