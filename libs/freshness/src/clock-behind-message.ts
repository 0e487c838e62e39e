import { CLOCK_TOLERANCE_MS } from './deciding-time.js';
import { durationInWords } from './duration.js';

/**
 * That the clock is behind, and what to do about it, in one sentence; instants as the caller shows them. Without `clockAt` the
 * sentence stays the same for as long as the state lasts: a log line that is written once needs that.
 */
export function clockBehindMessage(latestAt: string, clockAt?: string): string {
  const clock =
    clockAt === undefined ? "the database's clock" : `the database's clock (${clockAt})`;
  return (
    `${clock} is more than ${durationInWords(CLOCK_TOLERANCE_MS)} behind the latest decision (${latestAt}); ` +
    'correct it, or run backup-awareness clock accept if it is right'
  );
}
