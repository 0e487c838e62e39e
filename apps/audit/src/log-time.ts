/** The event's own time, but never in the future: the sender's clock may be ahead. */
export function logTimeOf(time: string | null, now: Date): string {
  return time === null || Date.parse(time) > now.getTime() ? now.toISOString() : time;
}
