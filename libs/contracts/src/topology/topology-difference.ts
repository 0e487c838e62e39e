/** A kind of objects at the broker. */
export type TopologyPart = 'exchange' | 'queue' | 'binding' | 'policy' | 'user';

/** Something at the broker that is not as required. */
export interface TopologyDifference {
  readonly part: TopologyPart;
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** How to mend it, mostly a command. */
  readonly mend: string;
}

/** A difference in one sentence, and how to mend it. */
export function describeDifference({ what, expected, got, mend }: TopologyDifference): string {
  return `${what}: expected ${expected}, got ${got} (${mend})`;
}

const NAMED_MAX = 3;
const SENTENCE_MAX = 300;
/** One foreign policy may differ in as many settings, each for every queue. */
export const SENTENCES_MAX = 5;

/**
 * Differences in sentences of bounded length, one for all that differ in the same way: `queue a, queue b and 10 more: policy: …`.
 *
 * @param most how many sentences; the last one says how many differences are left out
 */
export function describeDifferences(
  differences: readonly TopologyDifference[],
  most = SENTENCES_MAX,
): string[] {
  const alike = new Map<string, TopologyDifference[]>();
  for (const one of differences) {
    const key = JSON.stringify([one.part, propertyOf(one), one.expected, one.got, one.mend]);
    alike.set(key, [...(alike.get(key) ?? []), one]);
  }
  const groups = [...alike.values()];
  const more = groups.slice(most).flat().length;
  return [
    ...groups.slice(0, most).map((group) => cut(describeAlike(group))),
    ...(more > 0 ? [`${more} more differences (backup-awareness topology verify)`] : []),
  ];
}

function describeAlike(alike: readonly TopologyDifference[]): string {
  const [first] = alike;
  const names = alike.map(({ what }) => nameOf(what));
  const shown = names.slice(0, NAMED_MAX).join(', ');
  const more = names.length - NAMED_MAX;
  const what = `${more > 0 ? `${shown} and ${more} more` : shown}${propertyOf(first!)}`;
  return describeDifference({ ...first!, what });
}

/** `queue x` of `queue x: policy: overflow`. */
function nameOf(what: string): string {
  return what.split(': ', 1)[0]!;
}

function propertyOf({ what }: TopologyDifference): string {
  return what.slice(nameOf(what).length);
}

function cut(sentence: string): string {
  return sentence.length > SENTENCE_MAX ? `${sentence.slice(0, SENTENCE_MAX - 1)}…` : sentence;
}

/** What declares whatever is missing; with the management API also users and policies. */
export const APPLY_TOPOLOGY = 'backup-awareness topology apply';
