import { parseInstant, type ReceivedMessage } from '@backup-awareness/contracts';
import type { ConsumeMessage } from 'amqplib';

/** A message that the broker has delivered and that is not settled yet. */
export interface Delivery extends ReceivedMessage {
  /** How often it was delivered before without being settled. */
  readonly deliveryCount: number;
  readonly raw: ConsumeMessage;
}

/**
 * A message as the broker has delivered it.
 *
 * @param replayUser the only broker user whose headers of first arrival and original sender count
 */
export function deliveryOf(raw: ConsumeMessage, replayUser: string): Delivery {
  const { fields, properties } = raw;
  const headers: Record<string, unknown> = properties.headers ?? {};
  const userId = text(properties.userId);
  const isReplayed = userId === replayUser;
  return {
    raw,
    body: raw.content,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    contentType: text(properties.contentType),
    messageId: text(properties.messageId),
    type: text(properties.type),
    timestampSeconds: typeof properties.timestamp === 'number' ? properties.timestamp : undefined,
    userId: isReplayed ? text(headers[ORIGINAL_USER_ID]) : userId,
    firstReceivedAt: isReplayed ? instant(headers[RECEIVED_AT]) : undefined,
    headers,
    deliveryCount: fields.redelivered ? deliveriesBefore(headers) : 0,
  };
}

/** When a dead letter first arrived and who sent it; a replay keeps both. */
export const RECEIVED_AT = 'x-received-at';
export const ORIGINAL_USER_ID = 'x-original-user-id';

function instant(header: unknown): string | undefined {
  return typeof header === 'string' ? parseInstant(header) : undefined;
}

/**
 * A publisher could set these headers: they count only if the broker marks the message as redelivered. Since RabbitMQ 4.3
 * `x-delivery-count` counts only failures, and `x-acquired-count` counts deliveries.
 */
function deliveriesBefore(headers: Record<string, unknown>): number {
  const counts = [headers['x-delivery-count'], headers['x-acquired-count']];
  return Math.max(1, ...counts.filter((count) => typeof count === 'number'));
}

function text(property: unknown): string | undefined {
  return typeof property === 'string' ? property : undefined;
}
