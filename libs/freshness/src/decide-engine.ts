import type { AlertCleared, AlertRaised, ClearReason } from './alert-event.js';
import { alertMessage } from './alert-message.js';
import type { ActiveAlert, EngineAlertState, FreshnessAlert } from './alert-state.js';
import type { Decision, DecisionReason } from './decision.js';
import type { EngineFacts } from './engine-facts.js';
import { evolve } from './evolve.js';
import { type Complaint, judgeFreshness } from './judge-freshness.js';
import { wholeMs } from './whole-ms.js';

/** What a decision depends on beside the engine. */
export interface Circumstances {
  /** The known `decidingTime`, the same for a whole check; whole milliseconds since 1970. */
  readonly now: number;
  readonly featureEnabled: boolean;
  /** False in fast clearing. */
  readonly mayRaise: boolean;
  /** Called at most once per decision, and only for a raise. */
  readonly newAlertId: () => string;
}

const ALERT_OF: Record<Complaint['verdict'], FreshnessAlert> = {
  no_full_backup: 'ENGINE_NO_FULL_BACKUP',
  too_old: 'ENGINE_NO_WARM_BACKUP',
};

/**
 * Decides one engine: which alert it has from `now` on, the events that say so, and the reason.
 *
 * - Disabling the feature and retiring an engine clear its alert whatever its backups. If both apply, the reason is `disabled`.
 * - One kind of alert may replace the other whatever `mayRaise` says: until then the administrator reads something wrong.
 *
 * Throws a RangeError for an instant or a period that is not a whole number of milliseconds.
 */
export function decideEngine(
  state: EngineAlertState,
  facts: EngineFacts,
  circumstances: Circumstances,
): Decision {
  const { active } = state;
  const now = wholeMs('now', circumstances.now);
  if (!circumstances.featureEnabled) {
    return active ? clear(state, active, facts, now, 'disabled') : keep(state, 'feature_off');
  }
  if (facts.retired) {
    return active ? clear(state, active, facts, now, 'engine_retired') : keep(state, 'not_watched');
  }
  const freshness = judgeFreshness(facts, now);
  if (freshness.verdict === 'unknown') return keep(state, 'success_in_future');
  if (freshness.verdict === 'fresh') {
    if (!active) return keep(state, 'fresh');
    const { lastFullBackupAt: atRaise } = active;
    const isNewer = atRaise === null || freshness.lastFullBackupAt > atRaise;
    return clear(state, active, facts, now, isNewer ? 'full_backup' : 'period_extended');
  }
  if (!active) {
    return circumstances.mayRaise
      ? raise(state, facts, freshness, circumstances)
      : keep(state, 'raise_waits_for_check');
  }
  if (active.alert !== ALERT_OF[freshness.verdict]) {
    return supersede(state, active, facts, freshness, circumstances);
  }
  const stillTrue = {
    no_full_backup: 'still_without_full_backup',
    too_old: 'still_too_old',
  } as const;
  return keep(state, stillTrue[freshness.verdict]);
}

function keep(state: EngineAlertState, reason: DecisionReason): Decision {
  return { outcome: 'unchanged', reason, events: [], state };
}

function clear(
  state: EngineAlertState,
  active: ActiveAlert,
  facts: EngineFacts,
  now: number,
  reason: Exclude<ClearReason, 'superseded'>,
): Decision {
  const event = cleared(state, active, facts, now, reason);
  return { outcome: 'cleared', reason, events: [event], state: evolve(state, event) };
}

function raise(
  state: EngineAlertState,
  facts: EngineFacts,
  complaint: Complaint,
  circumstances: Circumstances,
): Decision {
  const event = raised(state, facts, complaint, circumstances);
  return {
    outcome: 'raised',
    reason: complaint.verdict,
    events: [event],
    state: evolve(state, event),
  };
}

function supersede(
  state: EngineAlertState,
  active: ActiveAlert,
  facts: EngineFacts,
  complaint: Complaint,
  circumstances: Circumstances,
): Decision {
  const end = cleared(state, active, facts, circumstances.now, 'superseded');
  const { events, ...next } = raise(evolve(state, end), facts, complaint, circumstances);
  return { ...next, outcome: 'superseded', events: [end, ...events] };
}

function cleared(
  state: EngineAlertState,
  active: ActiveAlert,
  facts: EngineFacts,
  now: number,
  reason: ClearReason,
): AlertCleared {
  return {
    type: 'BackupAlertCleared',
    fqdn: facts.fqdn,
    alertId: active.alertId,
    alert: active.alert,
    sequence: nextSequence(state),
    raisedAt: wholeMs('decidedAt', active.decidedAt),
    clearedAt: now,
    reason,
  };
}

function raised(
  state: EngineAlertState,
  facts: EngineFacts,
  complaint: Complaint,
  { now, newAlertId }: Circumstances,
): AlertRaised {
  return {
    type: 'BackupAlertRaised',
    fqdn: facts.fqdn,
    alertId: newAlertId(),
    alert: ALERT_OF[complaint.verdict],
    sinceAt: complaint.sinceAt,
    decidedAt: now,
    lastFullBackupAt: complaint.lastFullBackupAt,
    alertPeriodMs: facts.alertPeriodMs,
    sequence: nextSequence(state),
    message: alertMessage(facts, complaint, now),
  };
}

/** A bigint that the database driver left as text would get a digit appended instead of being incremented. */
function nextSequence({ lastSequence }: EngineAlertState): number {
  if (!Number.isSafeInteger(lastSequence) || lastSequence < 0) {
    throw new RangeError(`lastSequence: expected a whole number from 0, got ${lastSequence}`);
  }
  return lastSequence + 1;
}
