import { errorText } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import { type BrokerConnection } from './broker-connection.js';
import { closeChannel } from './close-channel.js';
import { LastingChannel } from './lasting-channel.js';

/** Marks a handler as one of this transport: `@MessagePattern(QUEUE, REPLIES)`. */
export const REPLIES = Symbol('backup-awareness replies');

/** The payload of a handler. */
export interface BrokerRequest {
  readonly body: Buffer;
  /** The broker user who asks, validated by the broker; undefined if the request names none. */
  readonly userId: string | undefined;
}

/** Only the broker's pseudo-queues of waiting clients: the default exchange would reach every queue. */
const DIRECT_REPLY_TO = /^amq\.rabbitmq\.reply-to\../;
const PREFETCH = 100;

/** Nest's transport for requests with direct reply-to. A request that cannot be answered is dropped: the client has a fallback. */
export class ReplyTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = REPLIES;
  protected override readonly logger = new Logger('replies');
  private channels: LastingChannel<Channel>[] = [];

  constructor(private readonly connection: BrokerConnection) {
    super();
  }

  listen(callback: () => void): void {
    this.channels = [...this.messageHandlers.keys()].map((queue) => this.answering(queue));
    callback();
  }

  close(): void {
    this.channels.forEach((channel) => channel.close());
  }

  on(): void {
    throw new Error('this transport has no events');
  }

  unwrap<T>(): T {
    return this.connection.model as T;
  }

  /** One consumer on its own channel, which survives the loss of connections and channels. */
  private answering(queue: string): LastingChannel<Channel> {
    return new LastingChannel({
      open: () => this.connection.model.createChannel(),
      prefetch: PREFETCH,
      listen: (channel) =>
        channel.on('error', (error) => this.logger.warn(`channel: ${errorText(error)}`)),
      begin: (channel) =>
        channel.consume(queue, (request) => {
          if (request) void this.answer(channel, queue, request);
          // The broker cancelled the consumer: close the channel, and LastingChannel opens another.
          else void closeChannel(channel);
        }),
      onFailure: (error) => this.logger.warn(`cannot answer requests: ${errorText(error)}`),
    });
  }

  private async answer(channel: Channel, queue: string, request: ConsumeMessage): Promise<void> {
    const { replyTo, correlationId, userId } = request.properties;
    try {
      if (typeof replyTo !== 'string' || !DIRECT_REPLY_TO.test(replyTo)) {
        this.logger.warn('ignored a request without direct reply-to');
      } else {
        const asked: BrokerRequest = {
          body: request.content,
          userId: typeof userId === 'string' && userId !== '' ? userId : undefined,
        };
        const answer = await lastValueFrom(
          this.transformToObservable(await this.messageHandlers.get(queue)!(asked)),
        );
        channel.publish('', replyTo, Buffer.from(JSON.stringify(answer)), {
          contentType: 'application/json',
          ...(typeof correlationId === 'string' ? { correlationId } : {}),
        });
      }
    } catch (error) {
      this.logger.warn(`cannot answer a request: ${errorText(error)}`);
    }
    try {
      channel.ack(request);
    } catch {
      return;
    }
  }
}
