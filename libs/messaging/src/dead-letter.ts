import { DEAD_EXCHANGE, type Invalid } from '@backup-awareness/contracts';
import type { Options } from 'amqplib';
import { ORIGINAL_USER_ID, RECEIVED_AT, type Delivery } from './delivery.js';
import type { OutgoingMessage } from './publisher.js';

const HEADER_BYTES_MAX = 1_000;

/** One frame holds all properties, and amqplib writes 64 KiB of them at most: beyond that the sender's headers are left out. */
const SENDER_HEADERS_BYTES_MAX = 32 * 1024;

/**
 * Headers that would do something if they were sent again: CC and BCC route copies,
 * a delivery count would be taken for the dead letter's own.
 */
const HEADERS_THAT_ACT = new Set(['CC', 'BCC', 'x-delivery-count']);

/** Headers that a dead letter has from us alone: a sender's must not pass for them, least of all where we write none. */
const HEADERS_OF_OURS =
  /^x-(received-at$|error-|original-|dead-|headers-left-out$|properties-left-out$)/;

/** The dead letter for a message that `queue` gave us: as it came, with why it was refused. */
export function deadLetterOf(queue: string, delivery: Delivery, why: Invalid): OutgoingMessage {
  return {
    exchange: DEAD_EXCHANGE,
    routingKey: queue,
    body: delivery.raw.content,
    options: {
      ...senderProperties(delivery),
      headers: { ...sendersHeaders(delivery), ...ourHeaders(delivery, why) },
    },
  };
}

/** The same without anything that the sender wrote beside the body, since `because` of that it cannot be published. */
export function bareDeadLetterOf(
  queue: string,
  delivery: Delivery,
  why: Invalid,
  because: string,
): OutgoingMessage {
  const headers = {
    ...ourHeaders(delivery, why),
    'x-properties-left-out': cut(because),
  };
  return {
    exchange: DEAD_EXCHANGE,
    routingKey: queue,
    body: delivery.raw.content,
    options: { headers },
  };
}

/** `user_id` and `expiration` are not among them: the broker refuses another's user, and a dead letter stays. */
function senderProperties({ raw }: Delivery): Options.Publish {
  const { properties } = raw;
  const kept = [
    'contentType',
    'contentEncoding',
    'priority',
    'correlationId',
    'replyTo',
    'messageId',
    'timestamp',
    'type',
    'appId',
  ] as const;
  return Object.fromEntries(
    kept.map((name) => [name, properties[name]]).filter(([, value]) => value !== undefined),
  );
}

function ourHeaders(delivery: Delivery, why: Invalid): Record<string, unknown> {
  return {
    'x-error-reason': cut(why.reason),
    'x-error-path': cut(why.path),
    'x-error-expected': cut(why.expected),
    'x-error-got': cut(why.got),
    [RECEIVED_AT]: delivery.firstReceivedAt ?? new Date().toISOString(),
    'x-original-exchange': delivery.exchange,
    'x-original-routing-key': delivery.routingKey,
    ...(delivery.userId ? { [ORIGINAL_USER_ID]: delivery.userId } : {}),
  };
}

function sendersHeaders({ headers }: Delivery): Record<string, unknown> {
  const kept = Object.entries(headers).filter(
    ([name]) => !HEADERS_THAT_ACT.has(name) && !HEADERS_OF_OURS.test(name),
  );
  const bytes = Buffer.byteLength(JSON.stringify(kept));
  return bytes <= SENDER_HEADERS_BYTES_MAX
    ? Object.fromEntries(kept)
    : { 'x-headers-left-out': `${kept.length} headers of ${bytes} bytes` };
}

/** Cuts to 1 kB of UTF-8 without splitting a character. */
function cut(text: string): string {
  const bytes = Buffer.from(text.toWellFormed());
  if (bytes.length <= HEADER_BYTES_MAX) return bytes.toString();
  const head = bytes.subarray(0, HEADER_BYTES_MAX - 3).toString();
  return `${head.replace(/\ufffd+$/, '')}…`;
}
