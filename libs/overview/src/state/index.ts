export { isAboutRun, readActiveAlerts, type ActiveAlertRow } from './active-alerts.js';
export {
  readAlerts,
  readAlertVersion,
  readMonitoredCount,
  type AlertRow,
  type AlertVersion,
} from './alerts.js';
export { factsOf, readEngineRows, type EngineRow, type EngineSelection } from './engine-rows.js';
export { byEngine } from './by-engine.js';
export type { EngineSituation, FleetEngine } from './engine-situations.js';
export type { FleetMemory } from './fleet-rows.js';
export { readEngineEvidence, type EngineEvidence } from './engine-evidence.js';
export { readEngineReports, type ListedReport, type ReportPlace } from './engine-reports.js';
export type { FailedRun } from './failed-runs.js';
export { readDestinations, readDestinationsSeen, type Destination } from './destinations.js';
export { readHeartbeatState, type HeartbeatState, type Stage } from './heartbeat-state.js';
export * from './history/index.js';
export { isKnownEngine, readEngineNames } from './known-engines.js';
export { readNotificationEvents, spellEvent } from './notification-events.js';
export { readUndeliveredEvents, type UndeliveredEvent } from './undelivered-events.js';
export { readLatestReports, type LatestReport } from './latest-reports.js';
export { readLastSuccesses, type LastSuccess } from './last-successes.js';
export {
  readFleetState,
  readProductState,
  type FleetState,
  type ProductState,
} from './product-state.js';
export { readSystemState, type SystemState } from './system-state.js';
export type { ReportStatus, ReportWithoutBackup } from './reports-without-backup.js';
