import { ageInWords, daysToMs, durationInWords } from '@backup-awareness/freshness';
import type { Freshness } from '@backup-awareness/freshness';
import { distanceInWords, localTime } from './local-time.js';
import type { EngineSituation } from '@backup-awareness/overview/state';

/** An engine's freshness without its name: `no full backup for 2 h`. */
export function freshnessInWords(freshness: Freshness | undefined, now: number): string {
  if (!freshness) return 'cannot be judged';
  switch (freshness.verdict) {
    case 'fresh':
      return `fresh, ${ageInWords(freshness.ageMs)} old`;
    case 'unknown':
      return `unknown: a success lies in the future, ${localTime(freshness.successAt)}`;
    default:
      return verdictInWords(freshness.verdict, now - freshness.sinceAt);
  }
}

/** A verdict that makes an alert, and for how long: `too old for 1 h`. */
export function verdictInWords(verdict: 'no_full_backup' | 'too_old', forMs: number): string {
  return `${verdict === 'too_old' ? 'too old' : 'no full backup'} for ${ageInWords(forMs)}`;
}

/** The last full backup, or what was reported instead: `none; latest report: db started 2 h ago`. */
export function lastFullBackupInWords(engine: EngineSituation, now: number): string {
  const { lastFullBackupAt, latestReport } = engine;
  if (lastFullBackupAt !== null) return localTime(lastFullBackupAt);
  if (!latestReport) return 'none';
  const { scope, status, receivedAt } = latestReport;
  return `none; latest report: ${scope} ${status} ${distanceInWords(receivedAt, now)}`;
}

/** The maximum age of its last full backup: `1 day`, `2 days (its own)`. */
export function maximumAgeInWords(engine: EngineSituation): string {
  if (engine.alertPeriodDays === undefined) return 'cannot be read';
  const limit = daysInWords(engine.alertPeriodDays);
  return engine.hasOwnPeriod ? `${limit} (its own)` : limit;
}

export function daysInWords(days: number): string {
  return durationInWords(daysToMs(days));
}

/** The alerts of an engine, and whether they are dismissed. */
export function alertsInWords(engine: EngineSituation, now: number): string {
  return engine.activeAlerts
    .map(({ alert, scopes, sinceAt, dismissedBy }) => {
      const dismissed = dismissedBy === null ? '' : `, dismissed by ${dismissedBy}`;
      const about = scopes === null ? '' : ` (${scopes.join(', ')})`;
      return `${alert}${about} for ${ageInWords(Math.max(0, now - sinceAt))}${dismissed}`;
    })
    .join('; ');
}
