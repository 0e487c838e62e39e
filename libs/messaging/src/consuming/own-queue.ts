import { Logger } from '@nestjs/common';
import type { Channel, ConsumeMessage } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { errorText, LogOnce } from '@backup-awareness/contracts';
import type { BrokerConnection } from '../connection/broker-connection.js';
import { LastingChannel } from '../connection/lasting-channel.js';

export interface OwnQueueOptions {
  /** How its name begins; the rest is random. */
  readonly prefix: string;
  readonly bindings: readonly { readonly exchange: string; readonly routingKey: string }[];
  /** For each message; it is acknowledged already. */
  readonly onMessage: (message: ConsumeMessage) => void;
  /** It receives from now on. What was published before, or between two queues, is lost to it. */
  readonly onBegin: () => void;
}

/** A subscription. */
export interface OwnQueue {
  /** Removes the queue. */
  close(): Promise<void>;
}

/**
 * Receives what is published from now on, by an exclusive queue that ends with it, or with its connection; then with another one. Takes
 * nothing from other queues, and is for hints only: messages are lost whenever the connection is.
 */
export function openOwnQueue(connection: BrokerConnection, options: OwnQueueOptions): OwnQueue {
  const log = new Logger('own queue');
  const failure = new LogOnce((reason) => log.warn(reason));
  let isClosed = false;
  const lasting = new LastingChannel<Channel>({
    open: () => connection.model.createChannel(),
    prefetch: 0,
    listen: (channel) => channel.on('error', (error: Error) => log.debug(error.message)),
    begin: async (channel) => {
      const name = `${options.prefix}${randomUUID()}`;
      await channel.assertQueue(name, { exclusive: true, autoDelete: true, durable: false });
      for (const { exchange, routingKey } of options.bindings)
        await channel.bindQueue(name, exchange, routingKey);
      await channel.consume(
        name,
        (message) => {
          if (isClosed) return;
          if (message) options.onMessage(message);
          // Somebody has removed the queue: the next channel declares another one.
          else void channel.close().catch(() => undefined);
        },
        { noAck: true },
      );
      failure.set(undefined);
      if (!isClosed) options.onBegin();
    },
    onFailure: (error) => failure.set(`cannot subscribe: ${errorText(error)}`),
  });
  return {
    close: async () => {
      isClosed = true;
      const channel = lasting.current();
      lasting.close();
      // With its only consumer an auto-delete queue ends.
      await channel?.close().catch(() => undefined);
    },
  };
}
