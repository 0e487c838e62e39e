import { ageInWords, decideEngine, hoursToMs } from '@backup-awareness/freshness';
import type { Decision, DecisionReason, EngineAlertState } from '@backup-awareness/freshness';
import { checkTiming } from './check-timing.js';
import { daysInWords } from '../words/engine-in-words.js';
import { clockBehind } from './judge-product.js';
import { localTime } from '../words/local-time.js';
import type { EngineSituation } from '../state/engine-situations.js';
import type { ProductState } from '../state/product-state.js';

/** What a checker that decides now would make of an engine. */
export interface Explanation {
  readonly outcome: Decision['outcome'];
  readonly reason: DecisionReason | 'clock_behind';
  /** The facts in one sentence. */
  readonly facts: string;
  /** The decision in one sentence. */
  readonly decision: string;
}

/** Undefined where settings or facts cannot be read, and so nothing is decided. */
export function explainDecision(
  engine: EngineSituation,
  product: ProductState,
): Explanation | undefined {
  const { settings, now, time } = product;
  if (!time.isKnown)
    return {
      outcome: 'unchanged',
      reason: time.reason,
      facts: 'Its age is unknown.',
      decision: `N${clockBehind(time).slice(1)}.`,
    };
  if (!settings.ok || !engine.facts || !engine.freshness) return undefined;
  const { outcome, reason } = decideEngine(stateOf(engine), engine.facts, {
    now,
    featureEnabled: settings.value.checkPeriodHours !== null,
    mayRaise: true,
    newAlertId: () => 'to be made',
  });
  return {
    outcome,
    reason,
    facts: factsInWords(engine, now),
    decision: `${REASONS[reason]}${whenInWords(outcome, engine, product)}.`,
  };
}

const FRESHNESS_ALERTS = ['ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP'] as const;

function stateOf({ activeAlerts, lastSequence }: EngineSituation): EngineAlertState {
  for (const alert of activeAlerts) {
    const name = FRESHNESS_ALERTS.find((one) => one === alert.alert);
    if (name === undefined) continue;
    const alertPeriodMs = Math.round(alert.alertPeriodDays * 86_400_000);
    return { active: { ...alert, alert: name, alertPeriodMs }, lastSequence };
  }
  return { active: null, lastSequence };
}

function factsInWords(engine: EngineSituation, now: number): string {
  const { freshness, alertPeriodDays, lastDbSuccessAt, lastFilesSuccessAt } = engine;
  const limit = daysInWords(alertPeriodDays ?? 0);
  switch (freshness?.verdict) {
    case 'fresh':
      return `The last full backup is ${ageInWords(freshness.ageMs)} old, and at most ${limit} is allowed.`;
    case 'too_old':
      return `The last full backup is ${ageInWords(freshness.ageMs)} old, and at most ${limit} is allowed: too old since ${localTime(freshness.sinceAt)}.`;
    case 'unknown':
      return `A success lies in the future (${localTime(freshness.successAt)}): the true age of the last full backup is unknown.`;
    default: {
      const missing = [
        ...(lastDbSuccessAt === null ? ['db'] : []),
        ...(lastFilesSuccessAt === null ? ['files'] : []),
      ].join(' or ');
      const waitedMs = Math.max(0, now - engine.watchedSinceAt);
      return `There is no full backup: no success of ${missing} was ever reported; watched for ${ageInWords(waitedMs)}.`;
    }
  }
}

const REASONS: Readonly<Record<DecisionReason, string>> = {
  fresh: 'No alert: the last full backup is within the limit',
  not_watched: 'No alert: the engine is retired, and nothing is decided about it',
  feature_off: 'No alert: the feature is disabled (BackupCheckPeriodInHours is -1)',
  raise_waits_for_check: 'An alert is due, which only a check may raise',
  still_without_full_backup: 'The alert stands: there still is no full backup',
  still_too_old: 'The alert stands: the last full backup still is too old',
  success_in_future:
    'Nothing is raised and nothing cleared until then, or until backup-awareness clock accept discounts that success',
  no_full_backup: 'An alert is due: there is no full backup',
  too_old: 'An alert is due: the last full backup is too old',
  full_backup: 'The alert is about to be cleared: a full backup has come since it was raised',
  period_extended: 'The alert is about to be cleared: the age allowed is longer now',
  disabled: 'The alert is about to be cleared: the feature is disabled',
  engine_retired: 'The alert is about to be cleared: the engine is retired',
};

/** When a checker will do it. */
function whenInWords(
  outcome: Decision['outcome'],
  engine: EngineSituation,
  { settings, now, lastCheck }: ProductState,
): string {
  if (outcome === 'unchanged' || !settings.ok) return '';
  if (outcome === 'superseded') return ', and takes the place of the other kind within seconds';
  if (outcome === 'cleared' || engine.isChanged) return ', within seconds while a checker runs';
  const hours = settings.value.checkPeriodHours;
  const timing = checkTiming(now, lastCheck?.at ?? null, hours === null ? null : hoursToMs(hours));
  if (timing.kind !== 'in_time') return ', as soon as a checker runs';
  return `, and the check of ${localTime(timing.nextCheckAt)} raises it`;
}
