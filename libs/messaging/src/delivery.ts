import { parseInstant, type Invalid, type ReceivedMessage } from '@backup-awareness/contracts';
import type { ConsumeMessage } from 'amqplib';
import {
  DEAD_LETTER_ID,
  ORIGINAL_USER_ID,
  RECEIVED_AT,
  REPLAY_QUEUE,
} from './dead-letters/headers.js';

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

/** What became of a message. It is settled with the broker only once this is known. */
export type Outcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'duplicate' }
  /** A service's own message, which proves that reports arrive; it is not stored. */
  | { readonly kind: 'probe' }
  /** The message itself is at fault: it becomes a dead letter. */
  | { readonly kind: 'invalid'; readonly invalid: Invalid }
  /** The environment is at fault: nothing is consumed until it is fit again. */
  | { readonly kind: 'try_again'; readonly reason: string }
  /** The cause is unknown: the message is tried alone, and such tries are counted. */
  | { readonly kind: 'failed'; readonly reason: string };

export const STORED: Outcome = { kind: 'stored' };
export const DUPLICATE: Outcome = { kind: 'duplicate' };
export const PROBE: Outcome = { kind: 'probe' };

export function invalid(why: Invalid): Outcome {
  return { kind: 'invalid', invalid: why };
}

export function tryAgain(reason: string): Outcome {
  return { kind: 'try_again', reason };
}

export function failed(reason: string): Outcome {
  return { kind: 'failed', reason };
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
