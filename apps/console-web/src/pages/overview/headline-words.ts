import type { Answer } from '../../api/use-answer.js';
import { headlineOf, type Headline } from '../../layout/headline.js';
import { words } from '../../words/words.js';

/** What is said first. */
export interface HeadlineWords {
  readonly kind: Headline['kind'];
  /** Without the names at its end. */
  readonly sentence: string;
  /** Of engines at risk that end the sentence, the worst first. */
  readonly names: readonly string[];
  /** How many more than those. */
  readonly more: number;
  /** Further sentences, of what else is known. */
  readonly details: readonly string[];
}

const NAMES = 3;
const { sentence, ...overviewWords } = words.overview;

export function headlineWords(
  overview: Answer<'/overview'> | undefined,
  isInDoubt: boolean,
): HeadlineWords {
  const { kind, atRisk } = headlineOf(overview, isInDoubt);
  const nothing = { kind, names: [], more: 0, details: [] };
  if (!overview || kind === 'none') return { ...nothing, sentence: sentence[kind as 'none'] };
  const { counts } = overview;
  const [only] = counts.watched === 1 ? overview.worst : [];
  const stuck = counts.stuck > 0 ? [overviewWords.stuck(counts.stuck)] : [];
  const risk = namesAtRisk(overview, atRisk);
  switch (kind) {
    case 'unknown':
      // With trust broken not even the number of engines at risk is known.
      return isInDoubt || !overview.trust.known
        ? { ...nothing, sentence: sentence.unknown }
        : {
            ...nothing,
            sentence: sentence.unknown,
            details: [
              overviewWords.unknownEngines(counts.unknown),
              ...(atRisk > 0 ? [`${overviewWords.atRiskKnown(atRisk)}: ${inOneText(risk)}.`] : []),
            ],
          };
    case 'safe':
      return {
        ...nothing,
        sentence: only ? sentence.oneSafe(only.fqdn) : sentence.allSafe(counts.watched),
        details: stuck,
      };
    case 'risk':
      return {
        kind,
        sentence: only ? sentence.oneAtRisk(only.fqdn) : sentence.atRisk(atRisk, counts.watched),
        ...(only ? { names: [], more: 0 } : risk),
        details: [
          only
            ? overviewWords.ofOne[counts.too_old > 0 ? 'too_old' : 'no_full_backup']
            : `${overviewWords.counts(counts.too_old, counts.no_full_backup)}.`,
          ...stuck,
        ],
      };
  }
}

function namesAtRisk({ worst }: Answer<'/overview'>, atRisk: number) {
  const names = worst
    .filter(({ verdict }) => verdict === 'too_old' || verdict === 'no_full_backup')
    .slice(0, NAMES)
    .map(({ fqdn }) => fqdn);
  return { names, more: atRisk - names.length };
}

function inOneText({ names, more }: Pick<HeadlineWords, 'names' | 'more'>): string {
  return [...names, ...(more > 0 ? [sentence.more(more)] : [])].join(', ').replace(', and', ' and');
}
