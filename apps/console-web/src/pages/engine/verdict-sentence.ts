import { formatDuration } from '../../time/format.js';
import { words } from '../../words/words.js';
import { missingScopes, type EngineFacts } from './facts.js';

/** How the engine stands, or stood, in one sentence. */
export function verdictSentence(facts: EngineFacts): string {
  const said = facts.isPast ? words.engine.past : words.engine.summary;
  switch (facts.verdict) {
    case 'fresh':
    case 'too_old':
      return said[facts.verdict](formatDuration(facts.ageMs ?? 0));
    case 'no_full_backup':
      return said.no_full_backup(missingScopes(facts).join(words.engine.or));
    default:
      return said[facts.verdict];
  }
}
