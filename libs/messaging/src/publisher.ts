import { errorText } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import {
  openBrokerConnection,
  type BrokerConnection,
  type BrokerTls,
} from './broker-connection.js';
import { LastingChannel } from './lasting-channel.js';

export interface OutgoingMessage {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  readonly options: Options.Publish;
}

/** This one message can never be published; others may go through. */
export class MessageRefused extends Error {
  override readonly name = 'MessageRefused';
}

/** The broker does not take it now; trying again later helps. */
export class BrokerUnavailable extends Error {
  override readonly name: string = 'BrokerUnavailable';
}

/** The connection ended while this message was under way, and no more is known: perhaps over it, if it happens again and again. */
export class ConnectionEnded extends BrokerUnavailable {
  override readonly name = 'ConnectionEnded';
}

/** The broker closed the channel, or the connection, over one of the messages under way, perhaps this one: published alone, it shows. */
export class ChannelRefused extends Error {
  override readonly name = 'ChannelRefused';

  constructor(
    message: string,
    /** The reply code of AMQP: 403, 404, 406, 501 … */
    readonly code: number | undefined,
  ) {
    super(message);
  }
}

const CONFIRM_TIMEOUT_MS = 10_000;
const CHANNEL_TIMEOUT_MS = 5_000;
/** Bounds what is written and not confirmed; whoever publishes more waits. */
const MAX_UNCONFIRMED = 1_000;

/**
 * Publishes persistent, mandatory messages with confirms, on a connection of its own:
 * while an alarm of the broker blocks publishers, acknowledgements on other connections still go through.
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
      // Nothing is consumed on it.
      prefetch: 1,
      listen: (channel) => this.listen(channel),
      begin: async () => {
        this.channelUnreadyReason = undefined;
      },
      onFailure: (error) => {
        this.channelUnreadyReason = `cannot open a channel: ${errorText(error)}`;
      },
    });
    // Emitted before the messages under way are told, and not where the broker is only stopped.
    connection.model.on('error', (error) => {
      const code = codeOf(error);
      const channel = this.channel.current();
      if (!channel || code === undefined) return;
      const reason = `the broker closed the connection: ${errorText(error)}`;
      this.closedOver.set(channel, new ChannelRefused(reason, code));
    });
  }

  static async open(url: string, name: string, tls: BrokerTls = {}): Promise<Publisher> {
    return new Publisher(await openBrokerConnection(url, name, tls), name);
  }

  /** Why nothing can be published now, or undefined. */
  unreadyReason(): string | undefined {
    return this.connection.unreadyReason() ?? this.channelUnreadyReason;
  }

  /**
   * Resolves when the broker has taken responsibility for the message.
   *
   * @throws MessageRefused where the message cannot even be written.
   * @throws ChannelRefused where the broker closed the channel or the connection over this message or one under way beside it.
   * @throws ConnectionEnded where the connection ended and the broker has not said why.
   * @throws BrokerUnavailable where there is no connection, no queue, or no confirm (in time); the message may have been taken all the same.
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
    if (flight.wasReturned) throw new BrokerUnavailable(noQueueTakes(message));
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
        settle(isClosedError(error) ? error : cannotBeWritten(error));
      }
    });
  }

  private failureOf(channel: ConfirmChannel, error: unknown): Error {
    const reason = errorText(error);
    if (reason === 'message nacked')
      return new BrokerUnavailable('the broker could not take the message (negative confirm)');
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

  /** The broker returns a message before it confirms it; of equal ones under way any will do. */
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

/** What amqplib throws where the channel or connection is gone; all else is thrown while the message is written, by whatever is in it. */
function isClosedError(error: unknown): boolean {
  return error instanceof Error && error.name === 'IllegalOperationError';
}

function cannotBeWritten(error: unknown): MessageRefused {
  return new MessageRefused(`the message cannot be written: ${errorText(error)}`);
}

function noQueueTakes({ exchange, routingKey }: OutgoingMessage): string {
  return `no queue takes ${routingKey} of exchange ${exchange}`;
}
