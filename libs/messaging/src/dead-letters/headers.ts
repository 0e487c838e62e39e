/** The headers that a dead letter carries, and a replayed message. */

/** When it first arrived; a replay keeps it. */
export const RECEIVED_AT = 'x-received-at';
/** The validated user who first sent it; a replay keeps it. */
export const ORIGINAL_USER_ID = 'x-original-user-id';
export const ORIGINAL_EXCHANGE = 'x-original-exchange';
export const ORIGINAL_ROUTING_KEY = 'x-original-routing-key';
/** The letter's id: when a replayed message is refused again, it becomes the same letter. */
export const DEAD_LETTER_ID = 'x-dead-letter-id';
export const DEAD_AT = 'x-dead-at';
export const ERROR_REASON = 'x-error-reason';
export const ERROR_PATH = 'x-error-path';
export const ERROR_EXPECTED = 'x-error-expected';
export const ERROR_GOT = 'x-error-got';
/** On a replayed message: the queue whose dead letter it was, and which alone handles it. */
export const REPLAY_QUEUE = 'x-replay-queue';
/** On a dead letter that differs from the original message, and why. */
export const HEADERS_LEFT_OUT = 'x-headers-left-out';
export const PROPERTIES_LEFT_OUT = 'x-properties-left-out';

/** Headers that only we may set: a sender's must not be mistaken for ours, especially if we set none. */
const HEADERS_OF_OURS =
  /^x-(received-at$|error-|original-|dead-|replay-queue$|headers-left-out$|properties-left-out$)/;

/**
 * Headers with an effect on the broker: CC and BCC route copies, a delivery count would be taken for the message's own, and
 * `x-death` decides whether the broker dead-letters it again.
 */
const HEADERS_THAT_ACT =
  /^(CC|BCC|x-delivery-count|x-acquired-count|x-death|x-(first|last)-death-(queue|reason|exchange))$/;

/** The sender's own headers, without those that have an effect. */
export function ownHeadersOfSender(
  headers: Readonly<Record<string, unknown>>,
): [name: string, value: unknown][] {
  return Object.entries(headers).filter(
    ([name]) => !HEADERS_THAT_ACT.test(name) && !HEADERS_OF_OURS.test(name),
  );
}

const KEPT_PROPERTIES = [
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

type KeptProperty = (typeof KEPT_PROPERTIES)[number];

/** The sender's properties without `user_id` and `expiration`: the broker refuses another's user, and the message must not expire. */
export function keptProperties(properties: {
  readonly [Name in KeptProperty]?: unknown;
}): { [Name in KeptProperty]?: never } {
  return Object.fromEntries(
    KEPT_PROPERTIES.map((name) => [name, properties[name]]).filter(
      ([, value]) => value !== undefined,
    ),
  );
}
