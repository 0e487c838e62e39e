/** When the event says it happened; a clock that is ahead must not put an entry into the future. */
export function logTimeOf(time: string | null, now: Date): string {
  return time === null || Date.parse(time) > now.getTime() ? now.toISOString() : time;
}
