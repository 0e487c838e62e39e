import type { AlertEvent } from './alert-event.js';
import type { EngineAlertState } from './alert-state.js';

/** The state after an event: a decision returns the state after all its events. Freshness and runs share one sequence. */
export function evolve(state: EngineAlertState, event: AlertEvent): EngineAlertState {
  const { sequence } = event;
  if (event.alert === 'ENGINE_BACKUP_STUCK') return { ...state, lastSequence: sequence };
  if (event.type === 'BackupAlertCleared') return { active: null, lastSequence: sequence };
  const { alertId, alert, sinceAt, decidedAt, lastFullBackupAt, alertPeriodMs } = event;
  return {
    active: { alertId, alert, sinceAt, decidedAt, lastFullBackupAt, alertPeriodMs, sequence },
    lastSequence: sequence,
  };
}
