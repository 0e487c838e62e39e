import { once } from 'node:events';
import { errorText } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';
import { concatMap, lastValueFrom } from 'rxjs';
import { type BrokerConnection } from '../connection/broker-connection.js';
import { closeChannel } from '../connection/close-channel.js';
import { LastingChannel } from '../connection/lasting-channel.js';

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
/**
 * Nest's transport for requests with direct reply-to. Each value that a handler yields is a message of the answer. A request that
 * cannot be answered is dropped: the client has a fallback, or asks again.
 */
export class ReplyTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = REPLIES;
  protected override readonly logger = new Logger('replies');
  private channels: LastingChannel<Channel>[] = [];

  /** @param atOnce how many requests are answered at the same time */
  constructor(
    private readonly connection: BrokerConnection,
    private readonly atOnce = 100,
  ) {
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
      prefetch: this.atOnce,
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
        const answers = this.transformToObservable(await this.messageHandlers.get(queue)!(asked));
        const send = async (answer: unknown) => {
          const isRoom = channel.publish('', replyTo, Buffer.from(JSON.stringify(answer)), {
            contentType: 'application/json',
            ...(typeof correlationId === 'string' ? { correlationId } : {}),
          });
          if (!isRoom) await untilDrained(channel);
        };
        await lastValueFrom(answers.pipe(concatMap(send)));
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

/** A channel that closes is never drained. */
async function untilDrained(channel: Channel): Promise<void> {
  const ended = new AbortController();
  const either = ['drain', 'close'].map((event) =>
    once(channel, event, { signal: ended.signal }).catch(() => undefined),
  );
  await Promise.race(either).finally(() => ended.abort());
}
