/** The part of the contract without schemas, for programs that have to start fast. */
export { errorText } from './error-text.js';
export { CLOUD_EVENT_CONTENT_TYPE, encodeCloudEvent, engineSource } from './event.js';
export type { OutgoingEvent } from './event.js';
export type { BackupSettings } from './backup-settings-requested.js';
export { FQDN_EXPECTED, normalizeFqdn } from './fqdn.js';
export { INSTANT_EXPECTED, parseInstant } from './instant.js';
export { UNREADABLE_HEADERS } from './received-message.js';
export { REPORT_STATUS } from './report-status.js';
export type { ReportName, ReportStatus } from './report-status.js';
export { SCOPE, SCOPE_EXPECTED } from './scope.js';
export { isNearlyFull, nearlyFullWarning, percentFull } from './queue-fullness.js';
export { describe, refuse, type Invalid, type Result } from './result.js';
export {
  ALL_OR_NONE,
  DISABLED,
  EXCLUDED_TABLES,
  holdsAllOrNone,
  isSettingName,
  parseSetting,
  readFreshnessSettings,
  SETTING_NAMES,
  SETTINGS,
  TABLE_NAME,
  tablesOfNoDefault,
  type FreshnessSettings,
} from './settings.js';
export { parseHostUser } from './host-user.js';
export { describeDifference, type TopologyDifference } from './topology-difference.js';
export {
  AUDIT_QUEUE,
  BINDINGS,
  DEAD_EXCHANGE,
  deadLetterQueue,
  ENGINE_BACKUP_EXCHANGE,
  EXCHANGES,
  INGEST_QUEUE,
  QUEUES,
  SETTINGS_REQUESTED,
  UNROUTED_QUEUE,
} from './topology.js';
