import type { AlertEvent } from './alert-event.js';
import type { EngineAlertState } from './alert-state.js';

/** The reason of a decision: one name for logs, audit and explanations. */
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
  /** Fresh, except that a last success lies in the future: nothing is raised and nothing is cleared. */
  | 'success_in_future'
  /** Raised, alone or replacing the other kind. */
  | 'no_full_backup'
  | 'too_old'
  /** Cleared. */
  | 'full_backup'
  | 'period_extended'
  | 'disabled'
  | 'engine_retired';

export interface Decision {
  readonly outcome: 'unchanged' | 'raised' | 'cleared' | 'superseded';
  readonly reason: DecisionReason;
  /** In the order of their sequence; to be written in one transaction with the state. */
  readonly events: readonly AlertEvent[];
  readonly state: EngineAlertState;
}
