import {
  accept,
  ALERT_DISMISSED,
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
  describeDismissed,
  describeReplayed,
  describeRestored,
  describeRetired,
  describeSetting,
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
