import { errorText, DEAD_EXCHANGE, type Invalid } from '@backup-awareness/contracts';
import type { Options } from 'amqplib';
import { codec } from './amqplib-codec.js';
import { ORIGINAL_USER_ID, RECEIVED_AT, type Delivery } from './delivery.js';
import type { OutgoingMessage } from './publisher.js';

const HEADER_BYTES_MAX = 1_000;
/** With these a bare dead letter fits the smallest frame of AMQP, 4,096 bytes, however long the names in it are. */
const BARE_HEADER_BYTES_MAX = 300;

/** All properties have to fit one frame, and amqplib writes at most 64 KiB of them: larger sender's headers are left out. */
const SENDER_HEADERS_BYTES_MAX = 32 * 1024;
/** More than any header frame that RabbitMQ accepts, even if every byte was invalid UTF-8 and became three when decoded. */
const ENCODED_BYTES_MAX = 512 * 1024;
let encoded: Buffer | undefined;

/**
 * Headers with an effect on the broker: CC and BCC route copies, a delivery count would be taken for the dead letter's own, and
 * `x-death` decides whether the broker dead-letters it again.
 */
const HEADERS_THAT_ACT = new Set(['CC', 'BCC', 'x-delivery-count', 'x-acquired-count', 'x-death']);

/** Headers that only we may set on a dead letter: a sender's must not be mistaken for ours, least of all where we set none. */
const HEADERS_OF_OURS =
  /^x-(received-at$|error-|original-|dead-|headers-left-out$|properties-left-out$)/;

/**
 * The dead letter for a message from `queue`: the message as it came, with the reason; a bare one if the sender's headers cannot be
 * written again.
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
    const because = `the headers cannot be encoded: ${errorText(error)}`;
    return bareDeadLetterOf(queue, delivery, why, because);
  }
}

/**
 * The dead letter without the sender's headers and properties, `because` of which it could not be published. This one can always be
 * written.
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

/** Without `user_id` and `expiration`: the broker refuses another's user, and a dead letter must not expire. */
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

/** @throws what amqplib throws for a header that it can read but not write */
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

/** Truncates to `bytesMax` bytes of UTF-8 without splitting a character. */
function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text.toWellFormed());
  if (bytes.length <= bytesMax) return bytes.toString();
  const head = bytes.subarray(0, bytesMax - 3).toString();
  return `${head.replace(/\ufffd+$/, '')}…`;
}
