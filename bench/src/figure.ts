import type { Stage } from './stage.js';

/** One line of the table: what was measured, against what, and what it has to reach. */
export interface Figure {
  readonly name: string;
  /** In words, with the unit. */
  readonly what: string;
  readonly ours: number;
  /** The other side; null for an absolute figure. */
  readonly other: number | null;
  readonly target: Target;
  /** How far the rounds lay apart, or whatever else a reader needs in order to trust the figure. */
  readonly note?: string;
}

export interface Target {
  readonly bound: 'at least' | 'at most';
  readonly value: number;
}

export const atLeast = (value: number): Target => ({ bound: 'at least', value });
export const atMost = (value: number): Target => ({ bound: 'at most', value });

/** Figures that are measured together; named on the command line. */
export interface FigureGroup {
  readonly name: string;
  measure(stage: Stage): Promise<Figure[]>;
}

/** What the target speaks of: the ratio of both sides, or the absolute figure where there is no other side. */
export function judged({ ours, other }: Figure): number {
  return other === null ? ours : ours / other;
}

export function isReached(figure: Figure): boolean {
  const { bound, value } = figure.target;
  return bound === 'at least' ? judged(figure) >= value : judged(figure) <= value;
}
