/** The part of the contract that needs no schema: for a program that starts for a single report and may not load much. */
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
export { fullnessWarning } from './policies.js';
export { describe, type Result } from './result.js';
export {
  ALL_OR_NONE,
  DISABLED,
  EXCLUDED_TABLES,
  holdsAllOrNone,
  isSettingName,
  KEEP_ALL,
  parseSetting,
  readFreshnessSettings,
  SETTING_NAMES,
  SETTINGS,
  TABLE_NAME,
  tablesOfNoDefault,
  type FreshnessSettings,
  type SettingName,
} from './settings.js';
export { parseHostUser } from './host-user.js';
export {
  AUDIT_QUEUE,
  BINDINGS,
  deadLetterQueue,
  ENGINE_BACKUP_EXCHANGE,
  EXCHANGES,
  INGEST_QUEUE,
  QUEUES,
  SETTINGS_REQUESTED,
  UNROUTED_QUEUE,
} from './topology.js';
