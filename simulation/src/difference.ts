import { isDeepStrictEqual } from 'node:util';
import { ENGINES } from './any-history.js';
import { falseFresh } from './false-fresh.js';
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
  /** An engine that was said to be fresh, and by the true time is not. */
  readonly falselyFresh: string | undefined;
}

const NO_TICK = { events: [], fresh: [] };

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
    const ticked = step.what === 'tick' ? tick(world, step.backlog, rules) : NO_TICK;
    seen?.(world, happening);
    const active = world.engines.flatMap(({ fqdn, state }) =>
      state.active ? [[fqdn, state.active.alert] as const] : [],
    );
    const { checks, nextCheckAt } = world;
    return { ...ticked, active: Object.fromEntries(active), checks: [...checks], nextCheckAt };
  });
}

/**
 * The first step after which the decision says other than the naive model, or calls an engine fresh that by the true time is not;
 * undefined where there is none.
 */
export function firstDifference(
  steps: readonly Step[],
  rules: Rules = THE_RULES,
): Difference | undefined {
  const history = timeline(steps);
  const decided = live(history, rules);
  const expected = naiveModel(history, ENGINES);
  for (const [atStep, telling] of decided.entries()) {
    const falselyFresh = falseFresh(history.slice(0, atStep + 1), telling.fresh);
    if (falselyFresh === undefined && isDeepStrictEqual(telling, expected[atStep])) continue;
    return { atStep, decided: telling, expected: expected[atStep]!, falselyFresh };
  }
  return undefined;
}
