/** The one header of a message whose headers could not be read; its value says why. */
export const UNREADABLE_HEADERS = 'x-headers-unreadable';

/** A message as it came from the broker, before anybody has judged it. */
export interface ReceivedMessage {
  readonly body: Uint8Array;
  /** Empty where it came through the default exchange: the routing key is a queue's name then, not an event's. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly contentType?: string | undefined;
  readonly messageId?: string | undefined;
  /** The AMQP property `type`: the event's name. */
  readonly type?: string | undefined;
  /** The AMQP property `timestamp`: seconds since 1970, when the sender sent it by its own clock. */
  readonly timestampSeconds?: number | undefined;
  /** The broker's validated user: the AMQP property `user_id`, or for a replayed message the user that had sent it first. */
  readonly userId?: string | undefined;
  /** When a replayed message first arrived, RFC 3339; nobody but the replaying user can tell. */
  readonly firstReceivedAt?: string | undefined;
  readonly headers: Readonly<Record<string, unknown>>;
}
