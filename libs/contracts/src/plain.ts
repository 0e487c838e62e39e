/** The part of the contract without schemas, for programs that have to start fast. */
export { errorText } from './wording/error-text.js';
export { peerValidity, pemValidity, type Validity } from './tls/peer-certificate.js';
export {
  isOtherAuthority,
  tlsFailure,
  type Certificates,
  type TlsServer,
} from './tls/tls-failure.js';
export {
  CLOUD_EVENT_CONTENT_TYPE,
  dataSchemaOf,
  encodeCloudEvent,
  engineSource,
  PRODUCT_SOURCE,
} from './events/event.js';
export type { CloudEventFields, OutgoingEvent } from './events/event.js';
export type { BackupSettings } from './events/backup-settings-requested.js';
export { FQDN_EXPECTED, HOST_NAME_EXPECTED, isHostName, normalizeFqdn } from './values/fqdn.js';
export { INSTANT_EXPECTED, parseInstant } from './values/instant.js';
export { UNREADABLE_HEADERS } from './received/received-message.js';
export { REPORT_STATUS } from './received/report-status.js';
export type { ReportName, ReportStatus } from './received/report-status.js';
export { SCOPE, SCOPE_EXPECTED } from './values/scope.js';
export { parseTraceparent, traceIdOf } from './values/traceparent.js';
export { placeOf, virtualHostOf, withCredentials } from './values/server-url.js';
export { isNearlyFull, nearlyFullWarning, percentFull } from './topology/queue-fullness.js';
export { KEPT_QUEUES, POLICIES, POLICY_PRIORITY, type BrokerPolicy } from './topology/policies.js';
export { PROBES } from './received/probe.js';
export { describe, refuse, type Invalid, type Result } from './values/result.js';
export {
  ALL_OR_NONE,
  DISABLED,
  EXCLUDED_TABLES,
  holdsAllOrNone,
  isUnrestorable,
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
export { parseHostUser } from './topology/host-user.js';
export { parseSubscriber, subscriberQueue } from './topology/subscriber.js';
export {
  APPLY_TOPOLOGY,
  describeDifference,
  describeDifferences,
  type TopologyDifference,
  type TopologyPart,
} from './topology/topology-difference.js';
export {
  ACTIVE_ALERTS_QUEUE,
  ADMINISTRATION_EXCHANGE,
  ALERT_REQUESTS_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  BINDINGS,
  CONSOLE_QUEUES,
  DEAD_EXCHANGE,
  deadLetterQueue,
  ENGINE_BACKUP_EXCHANGE,
  EXCHANGES,
  INCARNATION_EXCHANGE,
  INCARNATION_STREAM,
  INGEST_QUEUE,
  QUEUES,
  SETTINGS_QUEUE,
  SETTINGS_REQUESTED,
  UNROUTED_QUEUE,
  type Binding,
  type Queue,
} from './topology/topology.js';
export type { TopologyNames } from './topology/topology-needs.js';
