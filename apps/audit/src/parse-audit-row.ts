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
  ENGINE_ADDED,
  ENGINE_BACKUP_STUCK,
  ENGINE_RETIRED,
  engineAddedData,
  engineRetiredData,
  engineSource,
  isReportName,
  logTypeOf,
  readEnvelope,
  PRODUCT_SOURCE,
  readPlainReport,
  readReport,
  refuseSender,
  SETTING_CHANGED,
  settingChangedData,
  SEVERITY,
  validate,
  type EngineBackupReport,
  type Envelope,
  type ReceivedMessage,
  type Result,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import type { output } from 'zod';
import {
  describeAdded,
  describeCheck,
  describeCleared,
  describeClock,
  describeDismissed,
  describeRetired,
  describeSetting,
} from './describe-event.js';
import { logTimeOf } from './log-time.js';
import { reportParticulars } from './report-row.js';
import { parseUnknownEvent } from './unknown-event.js';

/** What differs between kinds of event; the rest of a row is the envelope's. */
export type Particulars = Pick<AuditRow, 'logTypeName' | 'severity' | 'message'> &
  Partial<Pick<AuditRow, 'fqdn' | 'alertId' | 'correlationId' | 'reportOf' | 'reportedBy'>> & {
    readonly data: unknown;
  };

type Reader = (data: unknown) => Result<Particulars>;

/**
 * Reads any event as a row of the audit log; kinds that are not known are kept generically.
 *
 * @param eventsUser the broker user from whom events count that are no reports
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
      'the broker user that makes events, since this is no report',
      message.userId,
    );
  // An event may be named like a member of every object.
  const { name } = envelope.value;
  const read = Object.hasOwn(READERS, name) ? READERS[name] : undefined;
  if (!read) return parseUnknownEvent(message, envelope.value, now);
  const particulars = read(envelope.value.data);
  return particulars.ok ? accept(rowOf(envelope.value, particulars.value, now)) : particulars;
}

function reportRow(report: EngineBackupReport, now: Date): AuditRow {
  const [envelope, particulars] = reportParticulars(report);
  return rowOf(envelope, particulars, now);
}

/** Reads data with a schema and says what is particular to its kind. */
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
  [BACKUP_CHECK_COMPLETED]: reader(backupCheckCompletedData, (data) => ({
    logTypeName: BACKUP_CHECK_COMPLETED,
    severity: SEVERITY.NORMAL,
    message: describeCheck(data),
  })),
};

function rowOf(
  envelope: Pick<Envelope, 'name' | 'id' | 'time' | 'source'>,
  particulars: Particulars,
  now: Date,
): AuditRow {
  // Hot: to spread the particulars instead takes 0.3 µs of 4.6 more for a report.
  return {
    logTime: logTimeOf(envelope.time, now),
    logTypeName: particulars.logTypeName,
    logType: logTypeOf(particulars.logTypeName),
    severity: particulars.severity,
    message: particulars.message,
    origin: envelope.source ?? sourceOf(particulars.fqdn),
    correlationId: particulars.correlationId ?? null,
    fqdn: particulars.fqdn ?? null,
    reportOf: particulars.reportOf ?? null,
    reportedBy: particulars.reportedBy ?? null,
    alertId: particulars.alertId ?? null,
    eventId: envelope.id,
    eventName: envelope.name,
    customData: JSON.stringify(particulars.data),
  };
}

/** Bare JSON has no source of its own: it is the engine's, or the product's where it concerns none. */
function sourceOf(fqdn: string | null | undefined): string {
  return fqdn ? engineSource(fqdn) : PRODUCT_SOURCE;
}
