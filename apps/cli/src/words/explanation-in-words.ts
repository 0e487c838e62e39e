import { ageInWords, type DecisionReason } from '@backup-awareness/freshness';
import type { Explanation } from '@backup-awareness/overview/judgement';
import type { EngineSituation } from '@backup-awareness/overview/state';
import { daysInWords } from './engine-in-words.js';
import { clockBehindInWords } from './findings-in-words.js';
import { localTime } from './local-time.js';

export const UNDECIDED = 'No decisions are made: its facts or the settings cannot be read.';

/** The facts of a decision, in one sentence. */
export function factsInWords(
  explanation: Explanation,
  engine: EngineSituation,
  now: number,
): string {
  if (explanation.kind === 'clock_behind') return 'The age of the last full backup is unknown.';
  const { freshness, alertPeriodDays, lastDbSuccessAt, lastFilesSuccessAt } = engine;
  const limit = daysInWords(alertPeriodDays ?? 0);
  switch (freshness?.verdict) {
    case 'fresh':
      return `The last full backup is ${ageInWords(freshness.ageMs)} old; its maximum age is ${limit}.`;
    case 'too_old':
      return `The last full backup is ${ageInWords(freshness.ageMs)} old; its maximum age is ${limit}: too old since ${localTime(freshness.sinceAt)}.`;
    case 'unknown':
      return `A success lies in the future (${localTime(freshness.successAt)}): the true age of the last full backup is unknown.`;
    default: {
      const missing = [
        ...(lastDbSuccessAt === null ? ['db'] : []),
        ...(lastFilesSuccessAt === null ? ['files'] : []),
      ].join(' or ');
      const waitedMs = Math.max(0, now - engine.watchedSinceAt);
      const monitored =
        engine.retiredAt === null
          ? `monitored for ${ageInWords(waitedMs)}`
          : `retired since ${localTime(engine.retiredAt)}`;
      return `There is no full backup: no completed backup of ${missing} has been reported; ${monitored}.`;
    }
  }
}

/** The decision, and when it takes effect, in one sentence. */
export function decisionInWords(explanation: Explanation): string {
  if (explanation.kind === 'clock_behind') {
    const sentence = clockBehindInWords(explanation.instants);
    return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
  }
  return `${REASONS[explanation.kind]}${effectInWords(explanation)}.`;
}

const REASONS: Readonly<Record<DecisionReason, string>> = {
  fresh: 'No alert: the last full backup is within its maximum age',
  not_watched: 'No alert: the engine is retired',
  feature_off: 'No alert: the feature is disabled (BackupCheckPeriodInHours is -1)',
  raise_waits_for_check: 'An alert is due, and only a check may raise it',
  still_without_full_backup: 'The alert stays active: there is still no full backup',
  still_too_old: 'The alert stays active: the last full backup is still too old',
  success_in_future:
    'Nothing is raised or cleared until then, or until backup-awareness clock accept discounts that success',
  no_full_backup: 'An alert is due: there is no full backup',
  too_old: 'An alert is due: the last full backup is too old',
  full_backup:
    'The alert is about to be cleared: a full backup has been reported since it was raised',
  period_extended: 'The alert is about to be cleared: the maximum age has been extended',
  disabled: 'The alert is about to be cleared: the feature is disabled',
  engine_retired: 'The alert is about to be cleared: the engine is retired',
};

function effectInWords({
  parameters,
  instants,
}: Exclude<Explanation, { kind: 'clock_behind' }>): string {
  switch (parameters.effect) {
    case 'none':
      return '';
    case 'superseded':
      return ', and replaces the alert of the other kind within seconds';
    case 'within_seconds':
      return ', within seconds while a checker runs';
    case 'when_checker_runs':
      return ', as soon as a checker runs';
    case 'next_check':
      return `, and the check of ${localTime(instants.nextCheckAt ?? 0)} raises it`;
  }
}
