import {
  ALERT_DISMISSAL_ENDED,
  ALERT_DISMISSED,
  alertDismissalEndedData,
  alertDismissedData,
  BACKUP_ALERT_CLEARED,
  BACKUP_ALERT_RAISED,
  backupAlertClearedData,
  backupAlertRaisedData,
  ENGINE_ADDED,
  ENGINE_RETIRED,
  engineAddedData,
  engineRetiredData,
  engineSource,
  HEARTBEAT,
  parseEngineBackupReport,
  PRODUCT_SOURCE,
  readEnvelope,
  SETTING_CHANGED,
  settingChangedData,
  type ReceivedMessage,
} from '@backup-awareness/contracts';
import type { z } from 'zod';
import type { LiveEvent } from './live-event.js';

/** That something was published which a page may have to fetch. */
export interface Hint {
  /** Its key in the audit log. */
  readonly origin: string;
  readonly eventId: string;
  /** The engine of a report; null: not a report, so that its change was committed before it was published. */
  readonly reportOf: string | null;
  announce(inAuditLog: boolean): LiveEvent;
}

type Make = (data: unknown, event: string) => ((in_audit_log: boolean) => LiveEvent) | undefined;

/** Makes an event of data that are valid. */
function of<S extends z.ZodType>(
  schema: S,
  make: (data: z.output<S>, common: { event: string; in_audit_log: boolean }) => LiveEvent,
): Make {
  return (data, event) => {
    const parsed = schema.safeParse(data);
    if (!parsed.success) return undefined;
    return (in_audit_log) => make(parsed.data, { event, in_audit_log });
  };
}

type AboutAlert = z.ZodType<{ fqdn: string; alert: string; alert_id: string }>;

const alert = (schema: AboutAlert) =>
  of(schema, ({ fqdn, alert, alert_id }, common) => ({
    kind: 'alert',
    data: { ...common, fqdn, alert, alert_id },
  }));
const engine = (schema: z.ZodType<{ fqdn: string }>) =>
  of(schema, ({ fqdn }, common) => ({ kind: 'engine', data: { ...common, fqdn } }));

const MAKERS: Readonly<Record<string, Make>> = {
  [BACKUP_ALERT_RAISED]: alert(backupAlertRaisedData as AboutAlert),
  [BACKUP_ALERT_CLEARED]: alert(backupAlertClearedData as AboutAlert),
  [ALERT_DISMISSED]: alert(alertDismissedData as unknown as AboutAlert),
  [ALERT_DISMISSAL_ENDED]: alert(alertDismissalEndedData as unknown as AboutAlert),
  [SETTING_CHANGED]: of(settingChangedData, ({ what, fqdn }, common) => ({
    kind: 'setting',
    data: { ...common, name: what, fqdn: fqdn ?? null },
  })),
  [ENGINE_ADDED]: engine(engineAddedData as z.ZodType<{ fqdn: string }>),
  [ENGINE_RETIRED]: engine(engineRetiredData as z.ZodType<{ fqdn: string }>),
};

/** Any other event of the product: what it changes is shown with the system. */
const other: Make = (_data, event) => (in_audit_log) => ({
  kind: 'system',
  data: { event, in_audit_log },
});

/**
 * What a message hints at; undefined if it is none that counts. Ingest and audit judge messages: this only saves looking for those
 * that they refuse.
 *
 * @param eventsUser the only broker user whose events other than reports count
 */
export function hintOf(message: ReceivedMessage, eventsUser: string): Hint | undefined {
  const report = parseEngineBackupReport(message);
  if (report.ok) {
    const { name, fqdn, scope, eventId } = report.value;
    return {
      origin: engineSource(fqdn),
      eventId,
      reportOf: fqdn,
      announce: (in_audit_log) => ({
        kind: 'report',
        data: { event: name, fqdn, scope, event_id: eventId, in_audit_log },
      }),
    };
  }
  if (message.userId !== eventsUser) return undefined;
  const envelope = readEnvelope(message);
  if (!envelope.ok || envelope.value.name === HEARTBEAT) return undefined;
  const { name, id, source, data } = envelope.value;
  const announce = (Object.hasOwn(MAKERS, name) ? MAKERS[name]! : other)(data, name);
  return announce && { origin: source ?? PRODUCT_SOURCE, eventId: id, reportOf: null, announce };
}
