import type { HistoryBasis } from '@backup-awareness/overview/state';
import { clockBehindInWords } from '../words/findings-in-words.js';

/** @throws an error that names both instants, while the time is unknown */
export function requireKnownTime({ time }: Pick<HistoryBasis, 'time'>): void {
  if (!time.isKnown) throw new Error(clockBehindInWords(time));
}
