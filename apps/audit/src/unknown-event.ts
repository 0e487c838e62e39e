import {
  describe,
  logTypeOf,
  normalizeFqdn,
  refuse,
  SEVERITY,
  type Envelope,
  type ReceivedMessage,
  type Result,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { correlationOf } from './audit-row.js';
import { exactData } from './exact-data.js';
import { logTimeOf } from './log-time.js';

/** PostgreSQL refuses JSON nested beyond its stack, with an error that does not blame the data. */
const DEPTH_MAX = 64;

const ENGINE_SOURCE = /^\/ovirt\/engines\/(.+)$/;

/** The row of an event of an unknown kind: exactly its data, and a generic message. */
export function parseUnknownEvent(
  message: ReceivedMessage,
  envelope: Envelope,
  now: Date,
): Result<AuditRow> {
  if (depthExceeds(envelope.data, DEPTH_MAX))
    return refuse('data', `JSON nested at most ${DEPTH_MAX} deep`, describe(envelope.data));
  const data = exactData(message.body);
  if (!data.ok) return data;
  const { name, source } = envelope;
  const fqdn = normalizeFqdn(ENGINE_SOURCE.exec(source ?? '')?.[1] ?? '') ?? null;
  const subject = envelope.subject === null ? '' : ` (${envelope.subject})`;
  return {
    ok: true,
    value: {
      logTime: logTimeOf(envelope.time, now),
      logTypeName: name,
      logType: logTypeOf(''),
      severity: SEVERITY.NORMAL,
      message: `${fqdn === null ? '' : `${fqdn}: `}${name}${subject}`,
      origin: source ?? `/exchanges/${message.exchange}`,
      correlationId: correlationOf(envelope.traceparent, null),
      fqdn,
      reportOf: null,
      reportedBy: null,
      alertId: null,
      eventId: envelope.id,
      eventName: name,
      customData: data.value,
    },
  };
}

function depthExceeds(value: unknown, max: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return max === 0 || Object.values(value).some((inner) => depthExceeds(inner, max - 1));
}
