import { ALERTS_EXCHANGE, encodeCloudEvent } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '@backup-awareness/database/connection';
import { listUndelivered, type DeliveryQueue } from '@backup-awareness/database/lists';
import { readNotificationEvents } from './notification-events.js';

/** An event that a destination did not accept for three days, in the form of a dead letter of the broker. */
export interface UndeliveredEvent {
  readonly id: string;
  readonly queue: DeliveryQueue;
  readonly reason: string | null;
  readonly path: null;
  readonly expected: null;
  readonly got: null;
  readonly receivedAt: string;
  readonly deadAt: string;
  readonly exchange: string;
  readonly routingKey: string;
  readonly messageId: string | null;
  readonly userId: null;
  readonly bytes: number;
  /** The event, as it is sent to a webhook; empty if the audit log no longer has it. */
  readonly body: Buffer;
}

/** The events that were given up, the oldest first. */
export async function readUndeliveredEvents(sql: SqlRunner): Promise<UndeliveredEvent[]> {
  const rows = await listUndelivered(sql);
  const eventOf = await readNotificationEvents(sql, rows);
  return rows.map(({ id, queue, reason, notedAt, givenUpAt, ...key }) => {
    const event = eventOf(key);
    const body = event ? encodeCloudEvent(event) : Buffer.alloc(0);
    return {
      id,
      queue,
      reason,
      path: null,
      expected: null,
      got: null,
      receivedAt: notedAt,
      deadAt: givenUpAt,
      exchange: ALERTS_EXCHANGE,
      routingKey: event ? `${event.name}.${event.subject}` : '',
      messageId: event?.id ?? null,
      userId: null,
      bytes: body.length,
      body,
    };
  });
}
