/** One thing at the broker that is not made as it has to be. */
export interface TopologyDifference {
  readonly what: string;
  readonly expected: string;
  readonly got: string;
  /** The command, or what else, that mends it. */
  readonly mend: string;
}

/** A difference in one sentence, with what mends it. */
export function describeDifference({ what, expected, got, mend }: TopologyDifference): string {
  return `${what}: expected ${expected}, got ${got} (${mend})`;
}
