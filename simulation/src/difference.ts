import { isDeepStrictEqual } from 'node:util';
import { ENGINES } from './any-history.js';
import { naiveModel } from './naive-model.js';
import { THE_RULES, type Rules } from './rules.js';
import type { Step } from './step.js';
import type { Telling } from './telling.js';
import { tick } from './tick.js';
import { timeline, type Happening } from './timeline.js';
import { befall, newWorld, type World } from './world.js';

/** Where the decision and the naive model part. */
export interface Difference {
  readonly atStep: number;
  readonly decided: Telling;
  readonly expected: Telling;
}

/** Lives a history by `rules`, and tells what can be seen after each step. */
export function live(
  history: readonly Happening[],
  rules: Rules = THE_RULES,
  seen?: (world: World, happening: Happening) => void,
): Telling[] {
  const world = newWorld();
  return history.map((happening) => {
    befall(world, happening);
    const { step } = happening;
    const events = step.what === 'tick' ? tick(world, step.backlog, rules) : [];
    seen?.(world, happening);
    const active = world.engines.flatMap(({ fqdn, state }) =>
      state.active ? [[fqdn, state.active.alert] as const] : [],
    );
    const { checks, nextCheckAt } = world;
    return { events, active: Object.fromEntries(active), checks: [...checks], nextCheckAt };
  });
}

/** The first step after which the decision says other than the naive model; undefined where they agree to the end. */
export function firstDifference(
  steps: readonly Step[],
  rules: Rules = THE_RULES,
): Difference | undefined {
  const history = timeline(steps);
  const decided = live(history, rules);
  const expected = naiveModel(history, ENGINES);
  const atStep = decided.findIndex(
    (telling, index) => !isDeepStrictEqual(telling, expected[index]),
  );
  if (atStep < 0) return undefined;
  return { atStep, decided: decided[atStep]!, expected: expected[atStep]! };
}
