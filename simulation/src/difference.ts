import { isDeepStrictEqual } from 'node:util';
import { ENGINES } from './any-history.js';
import { falseFresh } from './false-fresh.js';
import { naiveModel } from './naive-model.js';
import { THE_RULES, type Rules } from './rules.js';
import type { Step } from './step.js';
import type { Telling } from './telling.js';
import { tick } from './tick.js';
import { timeline, type Happening } from './timeline.js';
import { applyStep, newWorld, type World } from './world.js';

/** Where the decision and the naive model differ. */
export interface Difference {
  readonly atStep: number;
  readonly decided: Telling;
  readonly expected: Telling;
  /** An engine that was called fresh, but is not by the true time. */
  readonly falselyFresh: string | undefined;
}

const NO_TICK = { events: [], fresh: [] };

/** Runs a history by `rules`, and returns what can be observed after each step. */
export function live(
  history: readonly Happening[],
  rules: Rules = THE_RULES,
  seen?: (world: World, happening: Happening) => void,
): Telling[] {
  const world = newWorld();
  return history.map((happening) => {
    applyStep(world, happening);
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
 * The first step after which the decision differs from the naive model, or calls an engine fresh that is not by the true time;
 * undefined if there is none.
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
