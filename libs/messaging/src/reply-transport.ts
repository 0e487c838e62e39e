import { Logger } from '@nestjs/common';
import { Server, type CustomTransportStrategy } from '@nestjs/microservices';
import type { Channel, ConsumeMessage } from 'amqplib';
import { lastValueFrom } from 'rxjs';
import { describeError, type BrokerConnection } from './broker-connection.js';
import { closeChannel } from './close-channel.js';

/** Marks a handler as one of this transport: `@MessagePattern(QUEUE, REPLIES)`. */
export const REPLIES = Symbol('backup-awareness replies');

/** Only the broker's own pseudo-queue of somebody who waits: through the default exchange every queue could be reached. */
const DIRECT_REPLY_TO = /^amq\.rabbitmq\.reply-to\../;
const RETRY_MS = 1_000;
const PREFETCH = 100;

/** Nest's transport for requests that are answered through direct reply-to. A request that cannot be answered is dropped: who asked has a fallback. */
export class ReplyTransport extends Server implements CustomTransportStrategy {
  override readonly transportId = REPLIES;
  protected override readonly logger = new Logger('replies');
  private isClosing = false;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly connection: BrokerConnection) {
    super();
  }

  listen(callback: () => void): void {
    this.connection.model.on('connect', () => this.consumeAll());
    if (this.connection.trouble() === undefined) this.consumeAll();
    callback();
  }

  close(): void {
    this.isClosing = true;
    clearTimeout(this.timer);
  }

  on(): void {
    throw new Error('this transport has no events');
  }

  unwrap<T>(): T {
    return this.connection.model as T;
  }

  private consumeAll(): void {
    for (const queue of this.messageHandlers.keys()) void this.consume(queue);
  }

  private async consume(queue: string): Promise<void> {
    if (this.isClosing) return;
    try {
      const channel = await this.connection.model.createChannel();
      channel.on('error', (error) => this.logger.warn(`channel: ${describeError(error)}`));
      channel.on('close', () => this.consumeLater(queue));
      await channel.prefetch(PREFETCH);
      await channel.consume(queue, (request) => {
        if (request) void this.answer(channel, queue, request);
        else void closeChannel(channel);
      });
    } catch (error) {
      this.logger.warn(`cannot answer requests: ${describeError(error)}`);
      this.consumeLater(queue);
    }
  }

  /** The channel may be lost while the connection lives; with a lost connection the next one begins anew. */
  private consumeLater(queue: string): void {
    if (this.isClosing || this.connection.trouble() !== undefined) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      if (this.connection.trouble() === undefined) void this.consume(queue);
    }, RETRY_MS);
  }

  private async answer(channel: Channel, queue: string, request: ConsumeMessage): Promise<void> {
    const { replyTo, correlationId } = request.properties;
    try {
      if (typeof replyTo !== 'string' || !DIRECT_REPLY_TO.test(replyTo)) {
        this.logger.warn('a request without a direct reply-to is not answered');
      } else {
        const answer = await lastValueFrom(
          this.transformToObservable(await this.messageHandlers.get(queue)!(request.content)),
        );
        channel.publish('', replyTo, Buffer.from(JSON.stringify(answer)), {
          contentType: 'application/json',
          ...(typeof correlationId === 'string' ? { correlationId } : {}),
        });
      }
    } catch (error) {
      this.logger.warn(`a request could not be answered: ${describeError(error)}`);
    }
    try {
      channel.ack(request);
    } catch {
      return;
    }
  }
}
