import { durationInWords } from '@backup-awareness/freshness';
import type { ExplainedAt } from '@backup-awareness/overview/documents';
import { localTime, localTimeAndDistance } from '../words/local-time.js';
import type { Output } from './output.js';
import type { Cell } from './table.js';

/** Shows the verdict on an engine at an instant; `sentence` says it in words. */
export function showExplainedAt(
  { fqdn, verdict, alerts }: ExplainedAt,
  sentence: string,
  out: Output,
): void {
  const { at, knownSinceAt, isKnownWhole, known } = verdict;
  out.line(`${fqdn} at ${localTime(at)}`, 'bold');
  out.line(sentence, known?.standing === 'fresh' ? 'green' : 'yellow');
  out.line();
  const facts = known?.situation.facts;
  // Distances are relative to that instant.
  const instant = (value: number | null) =>
    value === null ? 'never' : localTimeAndDistance(value, at);
  const rows: Cell[][] = facts
    ? [
        ...(facts.retired ? [] : [['Monitoring since', instant(facts.watchedSinceAt)]]),
        ['Last success of db', instant(facts.lastDbSuccessAt)],
        ['Last success of files', instant(facts.lastFilesSuccessAt)],
        ['Maximum age', durationInWords(facts.alertPeriodMs)],
        [
          'Alert',
          alerts.map(({ alert, sinceAt }) => `${alert} since ${localTime(sinceAt)}`).join('; ') ||
            'none',
        ],
      ]
    : [];
  // In a young installation an earlier instant would only tell how long entries are kept.
  const since =
    knownSinceAt === null || isKnownWhole ? 'its monitoring began' : localTime(knownSinceAt);
  out.rows([...rows, ['Known since', since]]);
}
