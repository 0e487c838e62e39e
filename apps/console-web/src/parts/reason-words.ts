import type { Doubt } from '../layout/doubts.js';
import { formatCount, formatDuration, formatExact } from '../time/format.js';
import type { ReasonWords } from '../words/en/reasons.js';
import { words } from '../words/words.js';
import { visibleText } from './foreign-parts.js';

/** A reason in words; also one of a kind that is not known here. */
export function reasonWords({ kind, parameters, instants }: Doubt): ReasonWords {
  const texts = [
    ...Object.entries(parameters).map(([name, value]) => [name, textOf(name, value)] as const),
    ...Object.entries(instants).map(([name, at]) => [name, formatExact(at)] as const),
  ];
  if (!Object.hasOwn(words.reasons, kind)) return words.unknownReason(visibleText(kind));
  return words.reasons[kind]!(Object.fromEntries(texts));
}

function textOf(name: string, value: unknown): string {
  if (name === 'ageMs') return formatDuration(Number(value));
  if (typeof value === 'number') return formatCount(value);
  if (Array.isArray(value)) return value.map((one) => textOf('', one)).join(', ');
  return visibleText(typeof value === 'string' ? value : JSON.stringify(value));
}
