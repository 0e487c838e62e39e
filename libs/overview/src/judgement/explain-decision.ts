import { decideEngine, hoursToMs } from '@backup-awareness/freshness';
import type { Decision, DecisionReason } from '@backup-awareness/freshness';
import type { EngineSituation } from '../state/engine-situations.js';
import type { ProductState } from '../state/product-state.js';
import { checkTiming } from './check-timing.js';
import type { Fact } from './findings.js';

/** When a decision takes effect: never, within seconds, with the check of `nextCheckAt`, or as soon as a checker runs. */
export type Effect = 'none' | 'superseded' | 'within_seconds' | 'next_check' | 'when_checker_runs';

/** What a checker would decide about an engine now; its kind is the reason. */
export type Explanation =
  | Fact<'clock_behind', { outcome: 'unchanged' }, { clockAt: number; latestAt: number }>
  | Fact<
      DecisionReason,
      { outcome: Decision['outcome']; effect: Effect },
      { nextCheckAt: number | null }
    >;

/** Undefined if settings or facts cannot be read, so that no decision is made. */
export function explainDecision(
  engine: EngineSituation,
  product: ProductState,
): Explanation | undefined {
  const { settings, now, time } = product;
  if (!time.isKnown) {
    const { reason, clockAt, latestAt } = time;
    return { kind: reason, parameters: { outcome: 'unchanged' }, instants: { clockAt, latestAt } };
  }
  if (!settings.ok || !engine.facts || !engine.freshness) return undefined;
  const { checkPeriodHours } = settings.value;
  const { outcome, reason } = decideEngine(engine.state, engine.facts, {
    now,
    featureEnabled: checkPeriodHours !== null,
    mayRaise: true,
    newAlertId: () => 'none',
  });
  const nextCheckAt = nextCheckOf(product, checkPeriodHours);
  const effect = effectOf(outcome, engine.isChanged, nextCheckAt);
  return { kind: reason, parameters: { outcome, effect }, instants: { nextCheckAt } };
}

function effectOf(
  outcome: Decision['outcome'],
  isChanged: boolean,
  nextCheckAt: number | null,
): Effect {
  if (outcome === 'unchanged') return 'none';
  if (outcome === 'superseded') return 'superseded';
  if (outcome === 'cleared' || isChanged) return 'within_seconds';
  return nextCheckAt === null ? 'when_checker_runs' : 'next_check';
}

/** Null if no check is due in time. */
function nextCheckOf({ now, lastCheck }: ProductState, periodHours: number | null): number | null {
  const periodMs = periodHours === null ? null : hoursToMs(periodHours);
  const timing = checkTiming(now, lastCheck?.at ?? null, periodMs);
  return timing.kind === 'in_time' ? timing.nextCheckAt : null;
}
