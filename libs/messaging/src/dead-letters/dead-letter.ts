import { errorText, DEAD_EXCHANGE, newEventId, type Invalid } from '@backup-awareness/contracts';
import { codec } from '../connection/amqplib-codec.js';
import {
  DEAD_AT,
  DEAD_LETTER_ID,
  ERROR_EXPECTED,
  ERROR_GOT,
  ERROR_PATH,
  ERROR_REASON,
  HEADERS_LEFT_OUT,
  keptProperties,
  ORIGINAL_EXCHANGE,
  ORIGINAL_ROUTING_KEY,
  ORIGINAL_USER_ID,
  ownHeadersOfSender,
  PROPERTIES_LEFT_OUT,
  RECEIVED_AT,
} from './headers.js';
import type { Delivery } from '../consuming/delivery.js';
import type { OutgoingMessage } from '../publishing/publisher.js';

const HEADER_BYTES_MAX = 1_000;
/** With these a bare dead letter fits the smallest frame of AMQP, 4,096 bytes, even with the longest names. */
const BARE_HEADER_BYTES_MAX = 300;
const ID_BYTES_MAX = 64;

/** All properties have to fit one frame, and amqplib writes at most 64 KiB of them: larger sender's headers are left out. */
const SENDER_HEADERS_BYTES_MAX = 32 * 1024;
/** More than any header frame that RabbitMQ accepts, even if every byte was invalid UTF-8 and became three when decoded. */
const ENCODED_BYTES_MAX = 512 * 1024;
let encoded: Buffer | undefined;

/**
 * The dead letter for a message from `queue`: the unchanged message with the reason; a bare one if the sender's headers cannot be
 * written again.
 */
export function deadLetterOf(queue: string, delivery: Delivery, why: Invalid): OutgoingMessage {
  try {
    return {
      exchange: DEAD_EXCHANGE,
      routingKey: queue,
      body: delivery.raw.content,
      options: {
        ...keptProperties(delivery.raw.properties),
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
    [PROPERTIES_LEFT_OUT]: cut(because, BARE_HEADER_BYTES_MAX),
  };
  return {
    exchange: DEAD_EXCHANGE,
    routingKey: queue,
    body: delivery.raw.content,
    options: { headers },
  };
}

function ourHeaders(
  delivery: Delivery,
  why: Invalid,
  bytesMax = HEADER_BYTES_MAX,
): Record<string, unknown> {
  return {
    [ERROR_REASON]: cut(why.reason, bytesMax),
    [ERROR_PATH]: cut(why.path, bytesMax),
    [ERROR_EXPECTED]: cut(why.expected, bytesMax),
    [ERROR_GOT]: cut(why.got, bytesMax),
    [RECEIVED_AT]: delivery.firstReceivedAt ?? new Date().toISOString(),
    [DEAD_LETTER_ID]: idOf(delivery),
    [DEAD_AT]: new Date().toISOString(),
    [ORIGINAL_EXCHANGE]: delivery.exchange,
    [ORIGINAL_ROUTING_KEY]: delivery.routingKey,
    ...(delivery.userId ? { [ORIGINAL_USER_ID]: delivery.userId } : {}),
  };
}

const ids = new WeakMap<Delivery, string>();

/** One id for all attempts to publish the letter; a letter that is replayed and refused again keeps its own. */
function idOf(delivery: Delivery): string {
  if (delivery.deadLetterId !== undefined) return cut(delivery.deadLetterId, ID_BYTES_MAX);
  let id = ids.get(delivery);
  if (id === undefined) ids.set(delivery, (id = newEventId()));
  return id;
}

/** @throws what amqplib throws for a header that it can read but not write */
function sendersHeaders({ headers }: Delivery): Record<string, unknown> {
  const kept = ownHeadersOfSender(headers);
  if (kept.length === 0) return {};
  encoded ??= Buffer.allocUnsafeSlow(ENCODED_BYTES_MAX);
  const bytes = codec.encodeTable(encoded, Object.fromEntries(kept), 0);
  return bytes <= SENDER_HEADERS_BYTES_MAX
    ? Object.fromEntries(kept)
    : { [HEADERS_LEFT_OUT]: `${kept.length} headers of ${bytes} bytes` };
}

/** Truncates to `bytesMax` bytes of UTF-8 without splitting a character. */
function cut(text: string, bytesMax: number): string {
  const bytes = Buffer.from(text.toWellFormed());
  if (bytes.length <= bytesMax) return bytes.toString();
  const head = bytes.subarray(0, bytesMax - 3).toString();
  return `${head.replace(/\ufffd+$/, '')}…`;
}
