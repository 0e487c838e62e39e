export type State = 'good' | 'warning' | 'bad' | 'unknown';

/** A box of the way of a report, and what waits on the arrow that leads to it. */
export interface Step {
  readonly name: string;
  /** Undefined: it is not looked after from here. */
  readonly state?: State;
  readonly notes: readonly string[];
  readonly arrow?: { readonly text: string; readonly isWaiting: boolean };
}
