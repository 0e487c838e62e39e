import type { EngineAlertState } from './alert-state.js';
import { decideEngine } from './decide-engine.js';
import type { Decision } from './decision.js';
import type { EngineFacts } from './engine-facts.js';
import type { TickPlan } from './plan-tick.js';

export interface EngineToDecide {
  readonly facts: EngineFacts;
  readonly state: EngineAlertState;
  /** An administrator has added, changed or retired it since its last decision. */
  readonly isChanged: boolean;
}

export interface Decided<Engine> {
  readonly engine: Engine;
  readonly decision: Decision;
}

export interface Undecidable<Engine> {
  readonly engine: Engine;
  readonly error: RangeError;
}

/** What is the same for all engines of one tick. */
export interface TickCircumstances extends Pick<TickPlan, 'which' | 'featureEnabled'> {
  readonly now: number;
  readonly newAlertId: () => string;
}

/**
 * Decides each engine of a tick. When all are decided, each may get an alert; otherwise only one that an administrator has changed.
 * An engine with unreadable facts keeps its alert as it is, and the others are still decided.
 */
export function decideEach<Engine extends EngineToDecide>(
  engines: readonly Engine[],
  { now, which, featureEnabled, newAlertId }: TickCircumstances,
): { decided: Decided<Engine>[]; undecidable: Undecidable<Engine>[] } {
  const decided: Decided<Engine>[] = [];
  const undecidable: Undecidable<Engine>[] = [];
  for (const engine of engines) {
    const mayRaise = which === 'all' || engine.isChanged;
    const circumstances = { now, featureEnabled, mayRaise, newAlertId };
    try {
      decided.push({ engine, decision: decideEngine(engine.state, engine.facts, circumstances) });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      undecidable.push({ engine, error });
    }
  }
  return { decided, undecidable };
}
