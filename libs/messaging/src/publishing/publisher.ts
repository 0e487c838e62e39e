import { errorText } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import {
  openBrokerConnection,
  type BrokerConnection,
  type BrokerTls,
} from '../connection/broker-connection.js';
import { LastingChannel } from '../connection/lasting-channel.js';
import { ask, type Request } from './ask.js';
import { readStream } from './read-stream.js';

export interface OutgoingMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
}

/** This message can never be published; others can. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}

/** The broker does not accept the message now; a retry later may succeed. */
export class BrokerUnavailable extends Error {
  override readonly name: string = 'BrokerUnavailable';
}

/** The connection ended while this message was in flight; if that happens repeatedly, the message may be the cause. */
export class ConnectionEnded extends BrokerUnavailable {
  override readonly name = 'ConnectionEnded';
}

/** The broker closed the channel or the connection because of a message in flight, perhaps this one. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';

  constructor(
    message: string,
    /** AMQP reply code: 403, 404, 406, 501 … */
    readonly code: number | undefined,
  ) {
    super(message);
  }
}

const CONFIRM_TIMEOUT_MS = 10_000;
const CHANNEL_TIMEOUT_MS = 5_000;
/** Limits what is written and not confirmed; further calls wait. */
const MAX_UNCONFIRMED = 1_000;

/**
 * Publishes persistent, mandatory messages with confirms, on its own connection: an alarm that blocks publishers does not block
 * acknowledgements on other connections.
 */
export class Publisher {
  private readonly log: Logger;
  private readonly channel: LastingChannel<ConfirmChannel>;
  private channelUnreadyReason: string | undefined;
  private readonly closedOver = new WeakMap<ConfirmChannel, ChannelRefused>();
  private unconfirmed = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly inFlight = new Set<Flight>();
  private isClosing = false;

  private constructor(
    private readonly connection: BrokerConnection,
    name: string,
  ) {
    this.log = new Logger(name);
    this.channel = new LastingChannel({
      open: () => connection.model.createConfirmChannel(),
      // Irrelevant: nothing is consumed on it.
      prefetch: 1,
      listen: (channel) => this.listen(channel),
      begin: async () => {
        this.channelUnreadyReason = undefined;
      },
      onFailure: (error) => {
        this.channelUnreadyReason = `cannot open a channel: ${errorText(error)}`;
      },
    });
    // Emitted before the messages in flight are rejected, and not when the broker is only stopped.
    connection.model.on('error', (error) => {
      const code = codeOf(error);
      const channel = this.channel.current();
      if (!channel || code === undefined) return;
      const reason = `the broker closed the connection: ${errorText(error)}`;
      this.closedOver.set(channel, new ChannelRefused(reason, code));
    });
  }

  static async open(url: string, name: string, readTls?: () => BrokerTls): Promise<Publisher> {
    return new Publisher(await openBrokerConnection(url, name, readTls), name);
  }

  /** Why nothing can be published now, or undefined. */
  unreadyReason(): string | undefined {
    return this.connection.unreadyReason() ?? this.channelUnreadyReason;
  }

  /**
   * Resolves when the broker has taken responsibility for the message.
   *
   * @throws MessageRefused if the message cannot be encoded
   * @throws ChannelRefused if the broker closed the channel or the connection because of this message or another one in flight
   * @throws ConnectionEnded if the connection ended and the broker has not said why
   * @throws BrokerUnavailable if there is no connection, no queue, or no confirm in time; the message may have been accepted
   */
  async publish(message: OutgoingMessage): Promise<void> {
    while (this.unconfirmed >= MAX_UNCONFIRMED)
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    this.unconfirmed++;
    try {
      await this.publishOn(await this.usableChannel(), message);
    } finally {
      this.unconfirmed--;
      this.waiting.shift()?.();
    }
  }

  /** Sends a request and resolves with the answer. @throws if it cannot be sent or routed, or is not answered in time */
  async ask(request: Omit<Request, 'userId'>): Promise<Buffer> {
    const unready = this.unreadyReason();
    if (unready !== undefined) throw new BrokerUnavailable(unready);
    return ask(this.connection.model, { ...request, userId: this.connection.user });
  }

  /** Reads a stream as `readStream` does. */
  async readStream(stream: string, until: Parameters<typeof readStream>[2]): Promise<Buffer[]> {
    const unready = this.unreadyReason();
    if (unready !== undefined) throw new BrokerUnavailable(unready);
    return readStream(this.connection.model, stream, until);
  }

  async close(): Promise<void> {
    this.isClosing = true;
    this.channel.close();
    await this.connection.close();
  }

  private async publishOn(channel: ConfirmChannel, message: OutgoingMessage): Promise<void> {
    const flight: Flight = { message, wasReturned: false };
    this.inFlight.add(flight);
    try {
      await this.confirmed(channel, message);
    } finally {
      this.inFlight.delete(flight);
    }
    if (flight.wasReturned) throw new BrokerUnavailable(unroutable(message));
  }

  private async confirmed(channel: ConfirmChannel, message: OutgoingMessage): Promise<void> {
    const { exchange, routingKey, body, options } = message;
    const { user } = this.connection;
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new BrokerUnavailable(`no confirm within ${CONFIRM_TIMEOUT_MS / 1000} s`)),
        CONFIRM_TIMEOUT_MS,
      );
      const settle = (error: unknown) => {
        clearTimeout(timer);
        if (error instanceof MessageRefused) reject(error);
        else if (error) reject(this.failureOf(channel, error));
        else resolve();
      };
      try {
        channel.publish(
          exchange,
          routingKey,
          body,
          { ...options, persistent: true, mandatory: true, userId: user },
          settle,
        );
      } catch (error) {
        settle(isClosedError(error) ? error : notEncodable(error));
      }
    });
  }

  private failureOf(channel: ConfirmChannel, error: unknown): Error {
    const reason = errorText(error);
    if (reason === 'message nacked')
      return new BrokerUnavailable('the broker refused the message (negative confirm)');
    return this.closedOver.get(channel) ?? new ConnectionEnded(this.unreadyReason() ?? reason);
  }

  private async usableChannel(): Promise<ConfirmChannel> {
    const deadline = Date.now() + CHANNEL_TIMEOUT_MS;
    for (;;) {
      const channel = this.channel.current();
      if (channel && !this.connection.unreadyReason()) return channel;
      if (Date.now() >= deadline || this.isClosing)
        throw new BrokerUnavailable(this.unreadyReason() ?? 'no channel to the broker');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The broker returns a message before it confirms it; of identical ones in flight any will do. */
  private markReturned({ fields, content }: Message): void {
    for (const flight of this.inFlight) {
      const { exchange, routingKey, body } = flight.message;
      const isIt =
        exchange === fields.exchange && routingKey === fields.routingKey && body.equals(content);
      if (!isIt || flight.wasReturned) continue;
      flight.wasReturned = true;
      return;
    }
  }

  private listen(channel: ConfirmChannel): void {
    channel.on('error', (error) => {
      this.channelUnreadyReason = `the broker closed the channel: ${errorText(error)}`;
      this.closedOver.set(channel, new ChannelRefused(this.channelUnreadyReason, codeOf(error)));
      this.log.warn(this.channelUnreadyReason);
    });
    channel.on('return', (returned) => this.markReturned(returned));
  }
}

interface Flight {
  readonly message: OutgoingMessage;
  wasReturned: boolean;
}

function codeOf(error: Error): number | undefined {
  return 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

/** What amqplib throws if the channel or connection is gone; any other error comes from encoding the message. */
function isClosedError(error: unknown): boolean {
  return error instanceof Error && error.name === 'IllegalOperationError';
}

function notEncodable(error: unknown): MessageRefused {
  return new MessageRefused(`the message cannot be encoded: ${errorText(error)}`);
}

function unroutable({ exchange, routingKey }: OutgoingMessage): string {
  return `no queue is bound to exchange ${exchange} for routing key ${routingKey}`;
}
