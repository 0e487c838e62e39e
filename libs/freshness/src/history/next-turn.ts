import { CLOCK_TOLERANCE_MS } from '../deciding-time.js';
import type { EngineFacts } from '../engine-facts.js';
import { judgeFreshness } from '../judge-freshness.js';

/**
 * The first instant after `at` at which the verdict changes if nothing more arrives; null: it never does.
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function nextTurnAt(facts: EngineFacts, at: number): number | null {
  const freshness = judgeFreshness(facts, at);
  if (freshness.verdict !== 'fresh' && freshness.verdict !== 'unknown') return null;
  // At exactly the period it is still fresh.
  const tooOldAt = freshness.lastFullBackupAt + facts.alertPeriodMs + 1;
  if (freshness.verdict === 'fresh') return tooOldAt;
  return Math.min(tooOldAt, freshness.successAt - CLOCK_TOLERANCE_MS);
}
