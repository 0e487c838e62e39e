import { ageInWords, durationInWords } from '@backup-awareness/freshness';
import type { VerdictAt } from '@backup-awareness/overview/judgement';
import { localTime } from './local-time.js';

/** The verdict on an engine at an instant, in one sentence. */
export function verdictAtInWords({ at, knownSinceAt, known }: VerdictAt): string {
  if (!known)
    return `Unknown before ${localTime(knownSinceAt ?? at)}: older reports or audit entries are not kept, or the latest change is not recorded yet.`;
  const { standing, situation, freshness } = known;
  if (standing === 'not_watched') return 'The engine was not monitored.';
  const off =
    standing === 'feature_off' ? 'The feature was disabled, and no decisions were made. ' : '';
  const { facts } = situation;
  const limit = `its maximum age was ${durationInWords(facts.alertPeriodMs)}`;
  switch (freshness?.verdict) {
    case 'fresh':
      return `${off}Fresh: the last full backup was ${ageInWords(freshness.ageMs)} old; ${limit}.`;
    case 'too_old':
      return `${off}Too old: the last full backup was ${ageInWords(freshness.ageMs)} old; ${limit}, exceeded since ${localTime(freshness.sinceAt)}.`;
    case 'unknown':
      return `${off}Unknown: a success lay in the future, ${localTime(freshness.successAt)}.`;
    default: {
      const missing = [
        ...(facts.lastDbSuccessAt === null ? ['db'] : []),
        ...(facts.lastFilesSuccessAt === null ? ['files'] : []),
      ].join(' or ');
      return `${off}No full backup: no completed backup of ${missing} had been reported; monitored since ${localTime(facts.watchedSinceAt)}.`;
    }
  }
}
