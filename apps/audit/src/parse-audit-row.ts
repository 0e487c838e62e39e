import {
  accept,
  ALERT_DISMISSAL_ENDED,
  ALERT_DISMISSED,
  alertDismissalEndedData,
  alertDismissedData,
  BACKUP_ALERT_CLEARED,
  BACKUP_ALERT_RAISED,
  BACKUP_CHECK_COMPLETED,
  backupAlertClearedData,
  backupAlertRaisedData,
  backupCheckCompletedData,
  CLOCK_ACCEPTED,
  clockAcceptedData,
  DATABASE_RESTORED,
  databaseRestoredData,
  DEAD_LETTER_DISCARDED,
  DEAD_LETTER_REPLAYED,
  deadLetterDiscardedData,
  deadLetterReplayedData,
  ENGINE_ADDED,
  ENGINE_BACKUP_STUCK,
  ENGINE_RETIRED,
  engineAddedData,
  engineRetiredData,
  HEARTBEAT,
  heartbeatData,
  isReportName,
  readEnvelope,
  readPlainReport,
  readReport,
  refuseSender,
  SETTING_CHANGED,
  SIGN_IN_FAILED,
  SIGNED_IN,
  SIGNED_OUT,
  signedInData,
  signedOutData,
  signInFailedData,
  TOKEN_CREATED,
  TOKEN_REVOKED,
  tokenCreatedData,
  tokenRevokedData,
  settingChangedData,
  SEVERITY,
  validate,
  type ReceivedMessage,
  type Result,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import type { output } from 'zod';
import { auditRow, type Particulars } from './audit-row.js';
import {
  describeAdded,
  describeCheck,
  describeCleared,
  describeClock,
  describeDiscarded,
  describeDismissalEnded,
  describeDismissed,
  describeReplayed,
  describeRestored,
  describeRetired,
  describeSetting,
  describeSignedIn,
  describeSignedOut,
  describeSignInFailed,
  describeTokenCreated,
  describeTokenRevoked,
} from './describe-event.js';
import { reportRow } from './report-row.js';
import { parseUnknownEvent } from './unknown-event.js';

type Reader = (data: unknown) => Result<Particulars>;

/**
 * Parses any event into a row of the audit log; unknown kinds are kept generically.
 *
 * @param eventsUser the only broker user whose events other than reports count
 */
export function parseAuditRow(
  message: ReceivedMessage,
  now: Date,
  eventsUser: string,
): Result<AuditRow> {
  const plain = readPlainReport(message);
  if (plain) return accept(reportRow(plain, now));
  const envelope = readEnvelope(message);
  if (!envelope.ok) return envelope;
  if (isReportName(envelope.value.name)) {
    const report = readReport(message, envelope.value);
    return report.ok ? accept(reportRow(report.value, now)) : report;
  }
  if (message.userId !== eventsUser)
    return refuseSender(
      'the broker user that publishes events, since this is not a report',
      message.userId,
    );
  // An event's name may be that of a member of every object, such as `constructor`.
  const { name } = envelope.value;
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (!read) return parseUnknownEvent(message, envelope.value, now);
  const particulars = read(envelope.value.data);
  return particulars.ok ? accept(auditRow(envelope.value, particulars.value, now)) : particulars;
}

/** Parses data with a schema and adds the particulars of its kind. */
function reader<S extends Parameters<typeof validate>[0]>(
  schema: S,
  particulars: (data: output<S>) => Omit<Particulars, 'data'>,
): Reader {
  return (raw) => {
    const parsed = validate(schema, raw, 'data');
    if (!parsed.ok) return parsed;
    return accept({ ...particulars(parsed.value), data: parsed.value });
  };
}

// The events of badges and sessions have the names of those of tokens: the type of their row says what they are about.
const CREATED: ReadonlyMap<string, string> = new Map([['badge', 'BadgeCreated']]);
const REVOKED: ReadonlyMap<string, string> = new Map([
  ['badge', 'BadgeRevoked'],
  ['session', 'SessionRevoked'],
]);

const READERS: Readonly<Record<string, Reader>> = {
  [BACKUP_ALERT_RAISED]: reader(backupAlertRaisedData, (data) => ({
    logTypeName: data.alert,
    severity: data.alert === ENGINE_BACKUP_STUCK ? SEVERITY.WARNING : SEVERITY.ALERT,
    message: data.message,
    fqdn: data.fqdn,
    alertId: data.alert_id,
    correlationId: data.alert_id,
  })),
  [BACKUP_ALERT_CLEARED]: reader(backupAlertClearedData, (data) => ({
    logTypeName: data.alert,
    severity: SEVERITY.NORMAL,
    message: describeCleared(data),
    fqdn: data.fqdn,
    alertId: data.alert_id,
    correlationId: data.alert_id,
  })),
  [SETTING_CHANGED]: reader(settingChangedData, (data) => ({
    logTypeName: SETTING_CHANGED,
    severity: SEVERITY.NORMAL,
    message: describeSetting(data),
    fqdn: data.fqdn ?? null,
  })),
  [ALERT_DISMISSED]: reader(alertDismissedData, (data) => ({
    logTypeName: ALERT_DISMISSED,
    severity: SEVERITY.NORMAL,
    message: describeDismissed(data),
    fqdn: data.fqdn,
    alertId: data.alert_id,
    correlationId: data.alert_id,
  })),
  [ENGINE_ADDED]: reader(engineAddedData, (data) => ({
    logTypeName: ENGINE_ADDED,
    severity: SEVERITY.NORMAL,
    message: describeAdded(data),
    fqdn: data.fqdn,
  })),
  [ENGINE_RETIRED]: reader(engineRetiredData, (data) => ({
    logTypeName: ENGINE_RETIRED,
    severity: SEVERITY.NORMAL,
    message: describeRetired(data),
    fqdn: data.fqdn,
  })),
  [CLOCK_ACCEPTED]: reader(clockAcceptedData, (data) => ({
    logTypeName: CLOCK_ACCEPTED,
    severity: SEVERITY.WARNING,
    message: describeClock(data),
  })),
  [DATABASE_RESTORED]: reader(databaseRestoredData, (data) => ({
    logTypeName: DATABASE_RESTORED,
    severity: SEVERITY.WARNING,
    message: describeRestored(data),
  })),
  [DEAD_LETTER_REPLAYED]: reader(deadLetterReplayedData, (data) => ({
    logTypeName: DEAD_LETTER_REPLAYED,
    severity: SEVERITY.NORMAL,
    message: describeReplayed(data),
  })),
  [DEAD_LETTER_DISCARDED]: reader(deadLetterDiscardedData, (data) => ({
    logTypeName: DEAD_LETTER_DISCARDED,
    severity: SEVERITY.WARNING,
    message: describeDiscarded(data),
  })),
  [ALERT_DISMISSAL_ENDED]: reader(alertDismissalEndedData, (data) => ({
    logTypeName: ALERT_DISMISSAL_ENDED,
    severity: SEVERITY.NORMAL,
    message: describeDismissalEnded(data),
    fqdn: data.fqdn,
    alertId: data.alert_id,
    correlationId: data.alert_id,
  })),
  [TOKEN_CREATED]: reader(tokenCreatedData, (data) => ({
    logTypeName: CREATED.get(data.what) ?? TOKEN_CREATED,
    severity: SEVERITY.NORMAL,
    message: describeTokenCreated(data),
    fqdn: data.fqdn ?? null,
  })),
  [TOKEN_REVOKED]: reader(tokenRevokedData, (data) => ({
    logTypeName: REVOKED.get(data.what) ?? TOKEN_REVOKED,
    severity: SEVERITY.NORMAL,
    message: describeTokenRevoked(data),
    fqdn: data.fqdn ?? null,
  })),
  [SIGNED_IN]: reader(signedInData, (data) => ({
    logTypeName: SIGNED_IN,
    severity: SEVERITY.NORMAL,
    message: describeSignedIn(data),
  })),
  [SIGNED_OUT]: reader(signedOutData, (data) => ({
    logTypeName: SIGNED_OUT,
    severity: SEVERITY.NORMAL,
    message: describeSignedOut(data),
  })),
  [SIGN_IN_FAILED]: reader(signInFailedData, (data) => ({
    logTypeName: SIGN_IN_FAILED,
    severity: SEVERITY.WARNING,
    message: describeSignInFailed(data),
  })),
  [BACKUP_CHECK_COMPLETED]: reader(backupCheckCompletedData, (data) => ({
    logTypeName: BACKUP_CHECK_COMPLETED,
    severity: SEVERITY.NORMAL,
    message: describeCheck(data),
  })),
  [HEARTBEAT]: reader(heartbeatData, ({ who }) => ({
    logTypeName: HEARTBEAT,
    severity: SEVERITY.NORMAL,
    message: `heartbeat of ${who}`,
  })),
};
