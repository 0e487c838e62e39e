import { EXCHANGES, UNREADABLE_HEADERS } from '@backup-awareness/contracts/plain';
import type { Message } from 'amqplib';
import { codec } from '../connection/amqplib-codec.js';
import type { OutgoingMessage } from '../publishing/publisher.js';
import type { DeadLetter } from './dead-letter-of-message.js';
import * as header from './headers.js';
import { CONSUMED_QUEUES } from './letter-queues.js';

/** Why a letter cannot be published again unchanged. It stays where it is. */
export type NotReplayable =
  /** Its sender's headers or properties were left out when it became a dead letter, or cannot be read. */
  | 'not_as_it_came'
  /** Its headers cannot be written again. */
  | 'headers_not_writable'
  /** It was published directly to a queue, or through an exchange that is not ours. */
  | 'unknown_exchange';

export type Replay =
  | { readonly isPossible: true; readonly message: OutgoingMessage }
  | { readonly isPossible: false; readonly why: NotReplayable };

const REPLAYABLE: readonly string[] = EXCHANGES.filter(({ type }) => type === 'topic').map(
  ({ name }) => name,
);

/** More than amqplib writes. */
const HEADERS_BYTES_MAX = 48 * 1024;
const SHORT_TEXT_BYTES_MAX = 255;

/**
 * A dead letter as a message to publish where it came from: unchanged, with its first arrival and its sender, which are trusted only
 * from the broker user `replay`.
 */
export function replayOf(letter: DeadLetter, { content, properties }: Message): Replay {
  const headers: Record<string, unknown> = properties.headers ?? {};
  const isIncomplete = [
    header.PROPERTIES_LEFT_OUT,
    header.HEADERS_LEFT_OUT,
    UNREADABLE_HEADERS,
  ].some((name) => Object.hasOwn(headers, name));
  if (isIncomplete) return { isPossible: false, why: 'not_as_it_came' };
  if (!REPLAYABLE.includes(letter.exchange)) return { isPossible: false, why: 'unknown_exchange' };
  const kept = header.keptProperties(properties);
  const all = { ...Object.fromEntries(header.ownHeadersOfSender(headers)), ...ourHeaders(letter) };
  if (!areWritable(all, kept)) return { isPossible: false, why: 'headers_not_writable' };
  return {
    isPossible: true,
    message: {
      exchange: letter.exchange,
      routingKey: letter.routingKey,
      body: content,
      options: { ...kept, headers: all },
    },
  };
}

function ourHeaders(letter: DeadLetter): Record<string, string> {
  const { id, queue, userId, receivedAt, deadAt } = letter;
  const replayQueue = CONSUMED_QUEUES[queue];
  // A message that the broker itself dead-lettered had arrived by then at the latest.
  const arrivedAt = receivedAt ?? deadAt;
  return {
    ...(arrivedAt !== null && { [header.RECEIVED_AT]: arrivedAt }),
    ...(userId !== null && { [header.ORIGINAL_USER_ID]: userId }),
    ...(replayQueue !== undefined && {
      [header.DEAD_LETTER_ID]: id,
      [header.REPLAY_QUEUE]: replayQueue,
    }),
  };
}

/** Text that was not UTF-8 has grown since it was read, and some values of headers can be read but not written. */
function areWritable(headers: object, properties: Readonly<Record<string, unknown>>): boolean {
  const isTooLong = (value: unknown) =>
    typeof value === 'string' && Buffer.byteLength(value) > SHORT_TEXT_BYTES_MAX;
  if (Object.values(properties).some(isTooLong)) return false;
  try {
    codec.encodeTable(Buffer.allocUnsafe(HEADERS_BYTES_MAX), headers, 0);
    return true;
  } catch {
    return false;
  }
}
