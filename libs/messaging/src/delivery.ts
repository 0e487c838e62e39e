import { parseInstant, type Invalid, type ReceivedMessage } from '@backup-awareness/contracts';
import type { ConsumeMessage } from 'amqplib';

/** A message in our hands that the broker still keeps for us, until its outcome is told. */
export interface Delivery extends ReceivedMessage {
  /** How often it has been given to somebody before, who did not say what became of it. */
  readonly deliveryCount: number;
  readonly raw: ConsumeMessage;
}

/** What became of a message; the broker is told nothing before it is known. */
export type Outcome =
  | { readonly kind: 'stored' }
  | { readonly kind: 'duplicate' }
  /** A service's own, which has shown that reports arrive: nothing is kept of it. */
  | { readonly kind: 'probe' }
  /** Only the message itself is at fault: it goes to the dead letters, with the reason. */
  | { readonly kind: 'invalid'; readonly invalid: Invalid }
  /** The environment is at fault: nothing is taken until it is well again. */
  | { readonly kind: 'try_again'; readonly reason: string }
  /** Nobody knows what is at fault: the message is tried alone, and such tries are counted. */
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
 * A message as the broker has given it to us.
 *
 * @param replayUser the broker user whose word counts on when a message first arrived and who sent it; of anybody else these are
 * headers like others
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

/** When a dead letter first arrived, and who had sent it: for a replay, which keeps them. */
export const RECEIVED_AT = 'x-received-at';
export const ORIGINAL_USER_ID = 'x-original-user-id';

function instant(header: unknown): string | undefined {
  return typeof header === 'string' ? parseInstant(header) : undefined;
}

/**
 * A publisher may write these headers himself: they count only where the broker says that it is a redelivery. Since RabbitMQ 4.3 the
 * first counts failures alone, and the second how often somebody was given the message.
 */
function deliveriesBefore(headers: Record<string, unknown>): number {
  const counts = [headers['x-delivery-count'], headers['x-acquired-count']];
  return Math.max(1, ...counts.filter((count) => typeof count === 'number'));
}

function text(property: unknown): string | undefined {
  return typeof property === 'string' ? property : undefined;
}
