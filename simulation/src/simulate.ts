import fc from 'fast-check';
import { anyHistory } from './any-history.js';
import { firstDifference } from './difference.js';
import { inLines } from './in-lines.js';
import { THE_RULES, type Rules } from './rules.js';

export interface Simulation {
  readonly seed: number;
  readonly histories: number;
}

/**
 * Runs generated histories, and compares the decision with the naive model after every step.
 *
 * @returns undefined if they agree in all of them, or else the shortest history found in which they differ, in words
 */
export function simulate(
  { seed, histories }: Simulation,
  rules: Rules = THE_RULES,
): string | undefined {
  const agree = fc.property(anyHistory, (steps) => firstDifference(steps, rules) === undefined);
  const { failed, counterexample, numRuns } = fc.check(agree, { seed, numRuns: histories });
  if (!failed) return undefined;
  const steps = counterexample?.[0] ?? [];
  const difference = firstDifference(steps, rules);
  if (!difference) throw new Error(`history ${numRuns} of seed ${seed} failed only once`);
  return inLines(steps, difference);
}
