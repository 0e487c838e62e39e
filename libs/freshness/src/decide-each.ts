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
  /** An administrator has added, changed or retired it since it was last decided. */
  readonly isChanged: boolean;
  /** Those that may be open, and those that have an alert. */
  readonly runs: readonly RunToDecide[];
}

export interface Decided<Engine extends EngineToDecide> {
  readonly engine: Engine;
  /** Of its freshness. */
  readonly decision: Decision;
  /** Of its runs, in their order. */
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

/** Under which circumstances the engines of one tick are decided. */
export interface TickCircumstances extends Pick<TickPlan, 'which' | 'featureEnabled'> {
  readonly now: number;
  /** How long a run may be open; null: no alert is raised about runs. */
  readonly stuckAfterMs: number | null;
  readonly newAlertId: () => string;
}

/**
 * Decides each engine of a tick: its freshness, and then its runs. When all are decided every one may get an alert, else only one that an administrator has changed.
 * One whose facts cannot be read keeps its alert as it is, and does not keep the others from being decided.
 */
export function decideEach<Engine extends EngineToDecide>(
  engines: readonly Engine[],
  { which, ...circumstances }: TickCircumstances,
): { decided: Decided<Engine>[]; undecidable: Undecidable<Engine>[] } {
  const decided: Decided<Engine>[] = [];
  const undecidable: Undecidable<Engine>[] = [];
  for (const engine of engines) {
    const mayRaise = which === 'all' || engine.isChanged;
    try {
      decided.push(decideBoth(engine, { ...circumstances, mayRaise }));
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
