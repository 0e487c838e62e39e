import type { Stage } from './stage.js';

/** One line of the table: what was measured, against what, and its target. */
export interface Figure {
  readonly name: string;
  /** In words, with the unit. */
  readonly what: string;
  /** Null where this machine cannot measure it: the note says why. */
  readonly ours: number | null;
  /** The other side; null for an absolute figure. */
  readonly other: number | null;
  readonly target: Target;
  /** The spread of the rounds, and anything else a reader needs to trust the figure. */
  readonly note?: string;
}

export interface Target {
  readonly bound: 'at least' | 'at most';
  readonly value: number;
}

export const atLeast = (value: number): Target => ({ bound: 'at least', value });
export const atMost = (value: number): Target => ({ bound: 'at most', value });

/** Figures that are measured together; chosen by name on the command line. */
export interface FigureGroup {
  readonly name: string;
  measure(stage: Stage): Promise<Figure[]>;
}

/** The value to which the target applies: the ratio of both sides, or the absolute figure where there is no other side. */
export function judged({ ours, other }: Figure): number | null {
  return ours === null || other === null ? ours : ours / other;
}

/** Null where it was not measured. */
export function isReached(figure: Figure): boolean | null {
  const { bound, value } = figure.target;
  const reached = judged(figure);
  if (reached === null) return null;
  return bound === 'at least' ? reached >= value : reached <= value;
}
