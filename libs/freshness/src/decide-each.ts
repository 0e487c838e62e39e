import type { EngineAlertState } from './alert-state.js';
import { decideEngine, nextSequence } from './decide-engine.js';
import { decideRun, type RunDecision } from './decide-run.js';
import type { Decision } from './decision.js';
import type { EngineFacts } from './engine-facts.js';
import { evolve } from './evolve.js';
import type { TickPlan } from './plan-tick.js';
import type { RunToDecide } from './run.js';

export interface EngineToDecide {
  readonly facts: EngineFacts;
  readonly state: EngineAlertState;
  /** An administrator has added, changed or retired it since its last decision. */
  readonly isChanged: boolean;
  /** Those that may be open, and those with an alert. */
  readonly runs: readonly RunToDecide[];
}

export interface Decided<Engine extends EngineToDecide> {
  readonly engine: Engine;
  /** About its freshness. */
  readonly decision: Decision;
  /** About its runs, in their order. */
  readonly runs: readonly DecidedRun<Engine['runs'][number]>[];
  /** After all of these decisions. */
  readonly state: EngineAlertState;
}

export interface DecidedRun<Run> {
  readonly run: Run;
  readonly decision: RunDecision;
}

export interface Undecidable<Engine> {
  readonly engine: Engine;
  readonly error: RangeError;
}

/** What is the same for all engines of one tick. */
export interface TickCircumstances extends Pick<TickPlan, 'which' | 'featureEnabled'> {
  readonly now: number;
  /** How long a run may be open; null: no alert is raised about runs. */
  readonly stuckAfterMs: number | null;
  readonly newAlertId: () => string;
}

/**
 * Decides each engine of a tick: its freshness, then its runs. When all are decided, each may get an alert; otherwise only one that an
 * administrator has changed. An engine with unreadable facts keeps its alerts as they are, and the others are still decided.
 */
export function decideEach<Engine extends EngineToDecide>(
  engines: readonly Engine[],
  { now, which, featureEnabled, stuckAfterMs, newAlertId }: TickCircumstances,
): { decided: Decided<Engine>[]; undecidable: Undecidable<Engine>[] } {
  const decided: Decided<Engine>[] = [];
  const undecidable: Undecidable<Engine>[] = [];
  for (const engine of engines) {
    const mayRaise = which === 'all' || engine.isChanged;
    const circumstances = { now, featureEnabled, stuckAfterMs, mayRaise, newAlertId };
    try {
      decided.push(decideBoth(engine, circumstances));
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      undecidable.push({ engine, error });
    }
  }
  return { decided, undecidable };
}

function decideBoth<Engine extends EngineToDecide>(
  engine: Engine,
  circumstances: Omit<TickCircumstances, 'which'> & { readonly mayRaise: boolean },
): Decided<Engine> {
  const decision = decideEngine(engine.state, engine.facts, circumstances);
  let { state } = decision;
  const given: readonly Engine['runs'][number][] = engine.runs;
  const runs = given.map((run) => {
    const runDecision = decideRun(run, engine.facts, {
      ...circumstances,
      nextSequence: () => nextSequence(state),
    });
    if (runDecision.event) state = evolve(state, runDecision.event);
    return { run, decision: runDecision };
  });
  return { engine, decision, runs, state };
}
