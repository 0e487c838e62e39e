import type { ChannelModel } from 'amqplib';
import { closeChannel } from './close-channel.js';

export interface QueueDepth {
  /** Ready messages, without those delivered and not settled. */
  readonly messages: number;
  readonly consumers: number;
}

/** How many messages wait in a queue, and how many consumers it has. @throws if there is no such queue */
export async function queueDepth(
  connection: Pick<ChannelModel, 'createChannel'>,
  queue: string,
): Promise<QueueDepth> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  const { messageCount, consumerCount } = await channel.checkQueue(queue);
  await closeChannel(channel);
  return { messages: messageCount, consumers: consumerCount };
}

const NOT_FOUND = 404;

/** The same, or null if there is no such queue: the broker says so by closing the channel. */
export async function queueDepthIfThere(
  connection: Pick<ChannelModel, 'createChannel'>,
  queue: string,
): Promise<QueueDepth | null> {
  return queueDepth(connection, queue).catch((error: { readonly code?: unknown }) => {
    if (error.code === NOT_FOUND) return null;
    throw error;
  });
}
