/** The only header of a message whose headers could not be read; its value says why. */
export const UNREADABLE_HEADERS = 'x-headers-unreadable';

/** A message as the broker delivered it, not yet validated. */
export interface ReceivedMessage {
  readonly body: Uint8Array;
  /** Empty for the default exchange: then the routing key is the name of a queue, not of an event. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType?: string | undefined;
  readonly messageId?: string | undefined;
  /** The AMQP property `type`: the event's name. */
  readonly type?: string | undefined;
  /** The AMQP property `timestamp`: when it was sent, by the sender's clock, in seconds since 1970. */
  readonly timestampSeconds?: number | undefined;
  /** The broker's validated user: the AMQP property `user_id`, or for a replayed message the user who first sent it. */
  readonly userId?: string | undefined;
  /** When a replayed message first arrived, RFC 3339; only the user `replay` can say so. */
  readonly firstReceivedAt?: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}
