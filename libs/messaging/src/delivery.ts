import type { Invalid, ReceivedMessage } from '@backup-awareness/contracts';
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
  /** Only the message itself is at fault: it goes to the dead letters, with the reason. */
  | { readonly kind: 'invalid'; readonly invalid: Invalid }
  /** The environment is at fault: nothing is taken until it is well again. */
  | { readonly kind: 'try_again'; readonly reason: string }
  /** Nobody knows what is at fault: the message is tried alone, and such tries are counted. */
  | { readonly kind: 'failed'; readonly reason: string };

export const STORED: Outcome = { kind: 'stored' };
export const DUPLICATE: Outcome = { kind: 'duplicate' };

export function invalid(why: Invalid): Outcome {
  return { kind: 'invalid', invalid: why };
}

export function tryAgain(reason: string): Outcome {
  return { kind: 'try_again', reason };
}

export function failed(reason: string): Outcome {
  return { kind: 'failed', reason };
}

export function deliveryOf(raw: ConsumeMessage): Delivery {
  const { fields, properties } = raw;
  const headers: Record<string, unknown> = properties.headers ?? {};
  return {
    raw,
    body: raw.content,
    exchange: fields.exchange,
    routingKey: fields.routingKey,
    contentType: text(properties.contentType),
    messageId: text(properties.messageId),
    type: text(properties.type),
    timestampSeconds: typeof properties.timestamp === 'number' ? properties.timestamp : undefined,
    userId: text(properties.userId),
    headers,
    deliveryCount: fields.redelivered ? countOf(headers['x-delivery-count']) : 0,
  };
}

/** A publisher may write the header himself: it counts only where the broker says that it is a redelivery. */
function countOf(header: unknown): number {
  return typeof header === 'number' && header > 0 ? header : 1;
}

function text(property: unknown): string | undefined {
  return typeof property === 'string' ? property : undefined;
}
