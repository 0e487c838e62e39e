export { readActiveAlerts, type ActiveAlertRow } from './active-alerts.js';
export { factsOf, readEngineRows, type EngineRow, type EngineSelection } from './engine-rows.js';
export type { EngineSituation } from './engine-situations.js';
export type { FailedRun } from './failed-runs.js';
export { readEngineNames } from './known-engines.js';
export { readLatestReports, type LatestReport } from './latest-reports.js';
export { readProductState, type ProductState } from './product-state.js';
export type { ReportStatus, ReportWithoutBackup } from './reports-without-backup.js';
