import { alertPeriodOf } from '../alert-period.js';
import { NO_ALERT_YET } from '../alert-state.js';
import { decideEngine } from '../decide-engine.js';
import type { DecisionReason } from '../decision.js';
import { daysToMs } from '../duration.js';
import type { EngineFacts } from '../engine-facts.js';
import type { EngineHistory, KnownSuccess, SettingsHistory } from './engine-history.js';
import { valueAt } from './timeline.js';

/** The decision about an engine without an alert, by its reason. */
export type Standing = Extract<
  DecisionReason,
  'fresh' | 'too_old' | 'no_full_backup' | 'success_in_future' | 'not_watched' | 'feature_off'
>;

/** The last successes among those that are known. */
export type LastSuccesses = Pick<EngineFacts, 'lastDbSuccessAt' | 'lastFilesSuccessAt'>;

export const NO_SUCCESSES: LastSuccesses = { lastDbSuccessAt: null, lastFilesSuccessAt: null };

/** What decides an engine at one instant. */
export interface Situation {
  readonly facts: EngineFacts;
  readonly featureEnabled: boolean;
  /** The longest age allowed as it was set; the facts have it in whole milliseconds. */
  readonly alertPeriodDays: number;
}

/** Adds a success. The latest counts, whatever the order of arrival. */
export function learn(known: LastSuccesses, { scope, countedAt }: KnownSuccess): LastSuccesses {
  const name = scope === 'db' ? 'lastDbSuccessAt' : 'lastFilesSuccessAt';
  const before = known[name];
  return before !== null && before >= countedAt ? known : { ...known, [name]: countedAt };
}

/** The facts that decide an engine at an instant: what had been received by then, with the settings and the monitoring of that instant. */
export function situationAt(
  engine: EngineHistory,
  settings: SettingsHistory,
  at: number,
): Situation {
  const known = engine.successes.filter(({ receivedAt }) => receivedAt <= at);
  return situationOf(engine, settings, at, known.reduce(learn, NO_SUCCESSES));
}

/** The same, for last successes that are known already. */
export function situationOf(
  engine: EngineHistory,
  settings: SettingsHistory,
  at: number,
  lastSuccesses: LastSuccesses,
): Situation {
  const monitoring = valueAt(engine.monitoring, at).value;
  const own = valueAt(engine.ownPeriodDays, at);
  const general = valueAt(settings.alertPeriodDays, at);
  const period = alertPeriodOf(
    { days: own.value, changedAt: own.changedAt },
    { days: general.value, changedAt: general.changedAt },
  );
  return {
    featureEnabled: valueAt(settings.checkPeriodMs, at).value !== null,
    alertPeriodDays: period.days,
    facts: {
      fqdn: engine.fqdn,
      watchedSinceAt: monitoring?.sinceAt ?? at,
      retired: monitoring === null,
      ...lastSuccesses,
      alertPeriodMs: daysToMs(period.days),
      alertPeriodChangedAt: period.changedAt,
    },
  };
}

/** Decides as a check does that finds no alert. */
export function standingOf({ facts, featureEnabled }: Situation, at: number): Standing {
  const circumstances = { now: at, featureEnabled, mayRaise: true, newAlertId: () => '' };
  // While no alert is active and one may be raised, no other reason is possible.
  return decideEngine(NO_ALERT_YET, facts, circumstances).reason as Standing;
}
