import { ageInWords, daysToMs, durationInWords } from '@backup-awareness/freshness';
import type { Freshness } from '@backup-awareness/freshness';
import { distanceInWords, localTime } from './local-time.js';
import type { EngineSituation } from '../state/engine-situations.js';
import { FULL_BACKUP_SCOPES, type FailedRun } from '../state/failed-runs.js';

/** An engine's freshness in words, without its name: `no full backup for over 2 hours`. */
export function freshnessInWords(freshness: Freshness | undefined, now: number): string {
  if (!freshness) return 'cannot be judged';
  switch (freshness.verdict) {
    case 'fresh':
      return `fresh, ${ageInWords(freshness.ageMs)} old`;
    case 'unknown':
      return `unknown: a success lies in the future, ${localTime(freshness.successAt)}`;
    case 'no_full_backup':
      return `no full backup for ${ageInWords(now - freshness.sinceAt)}`;
    case 'too_old':
      return `too old for ${ageInWords(now - freshness.sinceAt)}`;
  }
}

/** The failed runs of what a full backup consists of: others are no reason to warn. */
function failedRunsOfFullBackup({ failedRuns }: EngineSituation): readonly FailedRun[] {
  return failedRuns.filter(({ scope }) => FULL_BACKUP_SCOPES.includes(scope));
}

/** Whether it is monitored, and its latest run of `db` or `files` has failed. */
export function hasFailedLatestRun(engine: EngineSituation): boolean {
  return engine.retiredAt === null && failedRunsOfFullBackup(engine).length > 0;
}

/** Those failed runs in words: `db, over 3 hours ago; files, over 3 hours ago`. */
export function failedRunsInWords(engine: EngineSituation, now: number): string {
  return failedRunsOfFullBackup(engine)
    .map(({ scope, failedAt }) => `${scope}, ${distanceInWords(failedAt, now)}`)
    .join('; ');
}

/** The last full backup, or what has been reported instead: `none; latest report: db started over 2 hours ago`. */
export function lastFullBackupInWords(engine: EngineSituation, now: number): string {
  const { lastFullBackupAt, latestReport } = engine;
  if (lastFullBackupAt !== null) return localTime(lastFullBackupAt);
  if (!latestReport) return 'none';
  const { scope, status, receivedAt } = latestReport;
  return `none; latest report: ${scope} ${status} ${distanceInWords(receivedAt, now)}`;
}

/** The longest age allowed: `1 day`, `2 days (its own)`. */
export function limitInWords(engine: EngineSituation): string {
  if (engine.alertPeriodDays === undefined) return 'cannot be read';
  const limit = daysInWords(engine.alertPeriodDays);
  return engine.hasOwnPeriod ? `${limit} (its own)` : limit;
}

export function daysInWords(days: number): string {
  return durationInWords(daysToMs(days));
}

/** The alerts that an engine has, and whether they are dismissed. */
export function alertsInWords(engine: EngineSituation, now: number): string {
  return engine.activeAlerts
    .map(({ alert, sinceAt, dismissedBy }) => {
      const dismissed = dismissedBy === null ? '' : `, dismissed by ${dismissedBy}`;
      return `${alert} for ${ageInWords(Math.max(0, now - sinceAt))}${dismissed}`;
    })
    .join('; ');
}
