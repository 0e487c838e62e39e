import type { Answer } from '../../api/use-answer.js';
import { words } from '../../words/words.js';

export type Alert = Answer<'/alerts'>['items'][number];

type Name = keyof typeof words.alerts.name;
type Reason = keyof typeof words.alerts.clearedBy;

/** What an alert is called, and what it means. */
export function alertInWords({ alert }: Pick<Alert, 'alert'>): { name: string; meaning: string } {
  const { name, meaning } = words.alerts;
  return { name: name[alert as Name] ?? alert, meaning: meaning[alert as Name] ?? '' };
}

/** Why it was cleared; undefined where that is not known. */
export function clearedInWords({ reason }: Pick<Alert, 'reason'>): string | undefined {
  return reason === null ? undefined : (words.alerts.clearedBy[reason as Reason] ?? reason);
}
