import { errorText, DEAD_EXCHANGE, type Invalid } from '@backup-awareness/contracts';
import type { Options } from 'amqplib';
import { codec } from './amqplib-codec.js';
import { ORIGINAL_USER_ID, RECEIVED_AT, type Delivery } from './delivery.js';
import type { OutgoingMessage } from './publisher.js';

const HEADER_BYTES_MAX = 1_000;
/** A bare dead letter fits the smallest frame that AMQP allows, 4,096 bytes, whatever the names in it have grown to. */
const BARE_HEADER_BYTES_MAX = 300;

/** One frame holds all properties, and amqplib writes 64 KiB of them at most: beyond that the sender's headers are left out. */
const SENDER_HEADERS_BYTES_MAX = 32 * 1024;
/** More than any frame of headers that RabbitMQ takes, even where each byte was none of UTF-8 and became three when it was read. */
const ENCODED_BYTES_MAX = 512 * 1024;
let encoded: Buffer | undefined;

/**
 * Headers that would do something if they were sent again: CC and BCC route copies, a count would be taken for the dead letter's own,
 * and by its deaths a broker decides whether it may die again.
 */
const HEADERS_THAT_ACT = new Set(['CC', 'BCC', 'x-delivery-count', 'x-acquired-count', 'x-death']);

/** Headers that a dead letter has from us alone: a sender's must not pass for them, least of all where we write none. */
const HEADERS_OF_OURS =
  /^x-(received-at$|error-|original-|dead-|headers-left-out$|properties-left-out$)/;

/**
 * The dead letter for a message that `queue` gave us: as it came, with why it was refused; a bare one where the sender's headers cannot
 * be written again.
 */
export function deadLetterOf(queue: string, delivery: Delivery, why: Invalid): OutgoingMessage {
  try {
    return {
      exchange: DEAD_EXCHANGE,
      routingKey: queue,
      body: delivery.raw.content,
      options: {
        ...senderProperties(delivery),
        headers: { ...sendersHeaders(delivery), ...ourHeaders(delivery, why) },
      },
    };
  } catch (error) {
    const because = `the headers cannot be written: ${errorText(error)}`;
    return bareDeadLetterOf(queue, delivery, why, because);
  }
}

/**
 * The same without anything that the sender wrote beside the body, since `because` of that it cannot be published.
 * Whatever came, this can be written.
 */
export function bareDeadLetterOf(
  queue: string,
  delivery: Delivery,
  why: Invalid,
  because: string,
): OutgoingMessage {
  const headers = {
    ...ourHeaders(delivery, why, BARE_HEADER_BYTES_MAX),
    'x-properties-left-out': cut(because, BARE_HEADER_BYTES_MAX),
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

function ourHeaders(
  delivery: Delivery,
  why: Invalid,
  bytesMax = HEADER_BYTES_MAX,
): Record<string, unknown> {
  return {
    'x-error-reason': cut(why.reason, bytesMax),
    'x-error-path': cut(why.path, bytesMax),
    'x-error-expected': cut(why.expected, bytesMax),
    'x-error-got': cut(why.got, bytesMax),
    [RECEIVED_AT]: delivery.firstReceivedAt ?? new Date().toISOString(),
    'x-original-exchange': delivery.exchange,
    'x-original-routing-key': delivery.routingKey,
    ...(delivery.userId ? { [ORIGINAL_USER_ID]: delivery.userId } : {}),
  };
}

/** @throws whatever amqplib throws for a header that it can read and not write */
function sendersHeaders({ headers }: Delivery): Record<string, unknown> {
  const kept = Object.entries(headers).filter(
    ([name]) => !HEADERS_THAT_ACT.has(name) && !HEADERS_OF_OURS.test(name),
  );
  if (kept.length === 0) return {};
  encoded ??= Buffer.allocUnsafeSlow(ENCODED_BYTES_MAX);
  const bytes = codec.encodeTable(encoded, Object.fromEntries(kept), 0);
  return bytes <= SENDER_HEADERS_BYTES_MAX
    ? Object.fromEntries(kept)
    : { 'x-headers-left-out': `${kept.length} headers of ${bytes} bytes` };
}

/** Cuts UTF-8 without splitting a character. */
function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text.toWellFormed());
  if (bytes.length <= bytesMax) return bytes.toString();
  const head = bytes.subarray(0, bytesMax - 3).toString();
  return `${head.replace(/\ufffd+$/, '')}…`;
}
