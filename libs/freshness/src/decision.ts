import type { AlertEvent } from './alert-event.js';
import type { EngineAlertState } from './alert-state.js';

/** Why a decision is as it is: one name for logs, audit and explanations. */
export type DecisionReason =
  /** No alert, and none due. */
  | 'fresh'
  /** Retired, and no alert. */
  | 'not_watched'
  /** The feature is off, and no alert. */
  | 'feature_off'
  /** An alert is due, but only a check may raise it. */
  | 'raise_waits_for_check'
  /** The active alert is still true. */
  | 'still_without_full_backup'
  | 'still_too_old'
  /** It would be cleared, but now lies before the last check. */
  | 'clock_behind_last_check'
  /** It would be cleared only because the clock was put back behind the raise: the same backup was too old already. */
  | 'clock_behind_raise'
  /** Raised, alone or in place of the other kind. */
  | 'no_full_backup'
  | 'too_old'
  /** Cleared. */
  | 'full_backup'
  | 'period_extended'
  | 'disabled'
  | 'engine_retired';

export interface Decision {
  outcome: 'unchanged' | 'raised' | 'cleared' | 'superseded';
  reason: DecisionReason;
  /** In the order of their sequence; they belong into one transaction with the state. */
  events: AlertEvent[];
  state: EngineAlertState;
}
