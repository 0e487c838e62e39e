import {
  encodeCloudEvent,
  type OutgoingEvent,
  type ReceivedMessage,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { parseAuditRow } from '../parse-audit-row.js';

export const NOW = new Date('2027-01-01T00:00:00.000Z');
export const EVENTS_USER = 'freshness-checker';
export const ENGINE = '/ovirt/engines/engine.example.com';

/** The event as the broker delivers it. */
export function received(event: OutgoingEvent): ReceivedMessage {
  return {
    body: encodeCloudEvent(event),
    exchange: event.exchange,
    routingKey: event.routingKey,
    contentType: 'application/cloudevents+json',
    messageId: event.id,
    type: event.name,
    userId: EVENTS_USER,
    headers: {},
  };
}

export function bare(routingKey: string, json: unknown, fields: Partial<ReceivedMessage> = {}) {
  const body = Buffer.from(typeof json === 'string' ? json : JSON.stringify(json));
  return {
    body,
    exchange: 'ovirt.engine-backup',
    routingKey,
    userId: EVENTS_USER,
    headers: {},
    ...fields,
  };
}

export function rowOf(message: ReceivedMessage): AuditRow {
  const parsed = parseAuditRow(message, NOW, EVENTS_USER);
  if (!parsed.ok) throw new Error(parsed.invalid.reason);
  return parsed.value;
}

export function refusal(message: ReceivedMessage): string {
  const parsed = parseAuditRow(message, NOW, EVENTS_USER);
  if (parsed.ok) throw new Error('the message is valid');
  return parsed.invalid.reason;
}
