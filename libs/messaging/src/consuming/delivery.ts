import { parseInstant, type ReceivedMessage } from '@backup-awareness/contracts';
import type { ConsumeMessage } from 'amqplib';
import {
  DEAD_LETTER_ID,
  ORIGINAL_USER_ID,
  RECEIVED_AT,
  REPLAY_QUEUE,
} from '../dead-letters/headers.js';

/** A message that the broker has delivered and that is not settled yet. */
export interface Delivery extends ReceivedMessage {
  /** How often it was delivered before without being settled. */
  readonly deliveryCount: number;
  /** The id of the dead letter that a replayed message was; only the user `replay` can say so. */
  readonly deadLetterId?: string | undefined;
  /** The only queue that a replayed message concerns; only the user `replay` can say so. */
  readonly replayQueue?: string | undefined;
  readonly raw: ConsumeMessage;
}

/**
 * A message as the broker has delivered it.
 *
 * @param replayUser the only broker user whose headers about the original message count
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
    ...(isReplayed && {
      deadLetterId: text(headers[DEAD_LETTER_ID]),
      replayQueue: text(headers[REPLAY_QUEUE]),
    }),
    headers,
    deliveryCount: fields.redelivered ? deliveriesBefore(headers) : 0,
  };
}

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
