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

/** What declares whatever is missing; with the management API also users and policies. */
export const APPLY_TOPOLOGY = 'backup-awareness topology apply';
