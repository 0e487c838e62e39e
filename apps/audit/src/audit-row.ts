import {
  engineSource,
  logTypeOf,
  PRODUCT_SOURCE,
  traceIdOf,
  type Envelope,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { logTimeOf } from './log-time.js';

/** What differs between kinds of event; the rest of a row comes from the envelope. */
export type Particulars = Pick<AuditRow, 'logTypeName' | 'severity' | 'message'> &
  Partial<Pick<AuditRow, 'fqdn' | 'alertId' | 'correlationId' | 'reportOf' | 'reportedBy'>> & {
    readonly data: unknown;
  };

/** The row of an event whose kind is known. */
export function auditRow(
  envelope: Pick<Envelope, 'name' | 'id' | 'time' | 'source' | 'traceparent'>,
  particulars: Particulars,
  now: Date,
): AuditRow {
  // Hot: spreading the particulars instead costs a report 0.3 µs more, of 4.6 µs.
  return {
    logTime: logTimeOf(envelope.time, now),
    logTypeName: particulars.logTypeName,
    logType: logTypeOf(particulars.logTypeName),
    severity: particulars.severity,
    message: particulars.message,
    origin: envelope.source ?? sourceOf(particulars.fqdn),
    correlationId: correlationOf(envelope.traceparent, particulars.correlationId),
    fqdn: particulars.fqdn ?? null,
    reportOf: particulars.reportOf ?? null,
    reportedBy: particulars.reportedBy ?? null,
    alertId: particulars.alertId ?? null,
    eventId: envelope.id,
    eventName: envelope.name,
    customData: JSON.stringify(particulars.data),
  };
}

/** The trace-id; of an event without a trace, what its kind has in its place. */
export function correlationOf(
  traceparent: string | null,
  otherwise: string | null | undefined,
): string | null {
  return traceparent === null ? (otherwise ?? null) : traceIdOf(traceparent);
}

/** Bare JSON has no source: it is the engine's, or the product's where it concerns no engine. */
function sourceOf(fqdn: string | null | undefined): string {
  return fqdn ? engineSource(fqdn) : PRODUCT_SOURCE;
}
