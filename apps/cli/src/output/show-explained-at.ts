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
  const { at, toldSinceAt, told } = verdict;
  out.line(`${fqdn} at ${localTime(at)}`, 'bold');
  out.line(sentence, told?.standing === 'fresh' ? 'green' : 'yellow');
  out.line();
  const facts = told?.situation.facts;
  // Distances are relative to that instant.
  const instant = (value: number | null) =>
    value === null ? 'never' : localTimeAndDistance(value, at);
  const known: Cell[][] = facts
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
  const since = toldSinceAt === null ? 'the beginning' : localTime(toldSinceAt);
  out.rows([...known, ['Known since', since]]);
}
