import { Cron } from 'croner';

const HOUR_MS = 3_600_000;
const SPANS_MS = [1, 24, 8 * 24, 32 * 24, 367 * 24].map((hours) => hours * HOUR_MS);

/** A cron schedule in the time zone of this process. */
export interface Schedule {
  /** The latest instant at which it was due, null if not within a year. Whole milliseconds since 1970. */
  latestUntil(now: number): number | null;
}

/** @throws if the text is not a schedule */
export function scheduleOf(text: string): Schedule {
  const cron = new Cron(text, { mode: '5-part', paused: true });
  return {
    latestUntil(now) {
      for (const spanMs of SPANS_MS) {
        const latest = latestWithin(cron, now - spanMs, now);
        if (latest !== null) return latest;
      }
      return null;
    },
  };
}

/** Whether a text is a cron schedule. */
export function isSchedule(text: string): boolean {
  try {
    scheduleOf(text);
    return true;
  } catch {
    return false;
  }
}

function latestWithin(cron: Cron, from: number, until: number): number | null {
  let latest: number | null = null;
  let next = cron.nextRun(new Date(from));
  while (next !== null && next.getTime() <= until) {
    latest = next.getTime();
    next = cron.nextRun(next);
  }
  return latest;
}
