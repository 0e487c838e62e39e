import type { AlertEvent } from './alert-event.js';
import type { EngineAlertState } from './alert-state.js';

/** The state after an event: `decideEngine` returns the state after all its events. */
export function evolve(state: EngineAlertState, event: AlertEvent): EngineAlertState {
  if (event.type === 'BackupAlertCleared') return { active: null, lastSequence: event.sequence };
  const { alertId, alert, sinceAt, decidedAt, lastFullBackupAt, alertPeriodMs, sequence } = event;
  return {
    active: { alertId, alert, sinceAt, decidedAt, lastFullBackupAt, alertPeriodMs, sequence },
    lastSequence: sequence,
  };
}
