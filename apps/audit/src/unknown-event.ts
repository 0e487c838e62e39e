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
import { exactData } from './exact-data.js';
import { logTimeOf } from './log-time.js';

/** PostgreSQL refuses JSON that is nested past its stack, and would not say that the data is at fault. */
const DEPTH_MAX = 64;

const ENGINE_SOURCE = /^\/ovirt\/engines\/(.+)$/;

/** Keeps an event whose kind is not known: all of its data, exactly, and a plain message. */
export function parseUnknownEvent(
  message: ReceivedMessage,
  envelope: Envelope,
  now: Date,
): Result<AuditRow> {
  if (depthExceeds(envelope.data, DEPTH_MAX))
    return refuse('data', `JSON nested ${DEPTH_MAX} deep at most`, describe(envelope.data));
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
      correlationId: null,
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
