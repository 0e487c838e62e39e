import { DEAD_EXCHANGE } from '@backup-awareness/contracts/plain';
import type { Message } from 'amqplib';
import { createHash } from 'node:crypto';
import * as header from './headers.js';
import type { LetterQueue } from './letter-queues.js';

/** A message that waits for an administrator; instants are RFC 3339 in UTC. What is unknown is null. */
export interface DeadLetter {
  /** A UUID, or 32 hexadecimal digits that are computed from the message: the same message has the same id. */
  readonly id: string;
  readonly queue: LetterQueue;
  readonly reason: string | null;
  /** The invalid part of the message, such as `data.done_at`. */
  readonly path: string | null;
  readonly expected: string | null;
  readonly got: string | null;
  readonly receivedAt: string | null;
  readonly deadAt: string | null;
  /** Where it was published. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly messageId: string | null;
  /** The broker's validated user who sent it. */
  readonly userId: string | null;
  readonly bytes: number;
}

/** The users whose headers on a letter are trusted. */
export interface LetterUsers {
  /** The broker users that may publish the dead letters of a queue: its service's, or the only one, if all services share it. */
  readonly services: Readonly<Record<Exclude<LetterQueue, 'unrouted'>, readonly string[]>>;
  /** The broker user `replay`. */
  readonly replay: string;
}

type Headers = Readonly<Record<string, unknown>>;

/** Where a message came from, and why it is where it is. */
type Origin = Omit<DeadLetter, 'id' | 'queue' | 'messageId' | 'bytes'> & { readonly id?: string };

/**
 * A message of one of these queues as a dead letter. Its headers count only if one of our services has set them; what the broker has
 * dead-lettered by itself (it expired, say) is described by the broker's own header; everything else is taken as published.
 */
export function deadLetterOfMessage(
  queue: LetterQueue,
  { fields, properties, content }: Message,
  users: LetterUsers,
): DeadLetter {
  const headers: Headers = properties.headers ?? {};
  const sender = { userId: text(properties.userId), headers };
  const messageId = text(properties.messageId);
  const services =
    queue === 'unrouted' || fields.exchange !== DEAD_EXCHANGE ? undefined : users.services[queue];
  const death = services && latestDeath(headers);
  const isOurs = death === undefined && services?.includes(sender.userId ?? '');
  const { id, ...origin } = isOurs
    ? originByService(headers)
    : originByBroker(fields, death, firstSender(sender, users.replay));
  return {
    id: id ?? computedId(origin, messageId, content),
    queue,
    ...origin,
    messageId,
    bytes: content.length,
  };
}

function originByService(headers: Headers): Origin {
  const id = text(headers[header.DEAD_LETTER_ID]);
  return {
    ...(id !== null && { id }),
    reason: text(headers[header.ERROR_REASON]),
    path: text(headers[header.ERROR_PATH]),
    expected: text(headers[header.ERROR_EXPECTED]),
    got: text(headers[header.ERROR_GOT]),
    receivedAt: text(headers[header.RECEIVED_AT]),
    deadAt: text(headers[header.DEAD_AT]),
    exchange: text(headers[header.ORIGINAL_EXCHANGE]) ?? '',
    routingKey: text(headers[header.ORIGINAL_ROUTING_KEY]) ?? '',
    userId: text(headers[header.ORIGINAL_USER_ID]),
  };
}

function originByBroker(
  fields: { readonly exchange: string; readonly routingKey: string },
  death: Headers | undefined,
  sender: Pick<Origin, 'userId' | 'receivedAt'>,
): Origin {
  const unknown = { path: null, expected: null, got: null, ...sender };
  if (death === undefined) {
    const { exchange, routingKey } = fields;
    return { ...unknown, reason: null, deadAt: null, exchange, routingKey };
  }
  const { reason, exchange, 'routing-keys': keys } = death;
  return {
    ...unknown,
    reason: `dead-lettered by the broker: ${text(reason) ?? 'for an unknown reason'}`,
    deadAt: instantOf(death['time']),
    exchange: text(exchange) ?? '',
    routingKey: (Array.isArray(keys) ? text(keys[0]) : null) ?? '',
  };
}

/** Who first sent a message, and when it arrived: the headers of a replayed message have both. */
function firstSender(
  { userId, headers }: { readonly userId: string | null; readonly headers: Headers },
  replayUser: string,
): Pick<Origin, 'userId' | 'receivedAt'> {
  return userId === replayUser
    ? {
        userId: text(headers[header.ORIGINAL_USER_ID]),
        receivedAt: text(headers[header.RECEIVED_AT]),
      }
    : { userId, receivedAt: null };
}

/** The broker writes it when it dead-letters a message; none of our letters has it. */
function latestDeath(headers: Headers): Headers | undefined {
  const deaths = headers['x-death'];
  const [latest] = Array.isArray(deaths) ? (deaths as unknown[]) : [];
  return typeof latest === 'object' && latest !== null ? (latest as Headers) : undefined;
}

/** A timestamp of AMQP, in seconds, as amqplib reads it. */
function instantOf(value: unknown): string | null {
  const seconds = (value as { readonly value?: unknown } | undefined)?.value ?? value;
  const at = new Date(typeof seconds === 'number' ? seconds * 1_000 : NaN);
  return Number.isNaN(at.getTime()) ? null : at.toISOString();
}

const ID_DIGITS = 32;

function computedId(
  { exchange, routingKey }: Pick<Origin, 'exchange' | 'routingKey'>,
  messageId: string | null,
  body: Buffer,
): string {
  return createHash('sha256')
    .update(exchange)
    .update(routingKey)
    .update(messageId ?? '')
    .update(body)
    .digest('hex')
    .slice(0, ID_DIGITS);
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
