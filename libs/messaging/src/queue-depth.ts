import type { ChannelModel } from 'amqplib';
import { closeChannel } from './close-channel.js';

export interface QueueDepth {
  /** Not counting those in somebody's hands. */
  readonly messages: number;
  readonly consumers: number;
}

/** How many messages wait in a queue, and how many consume it. @throws where there is no such queue */
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

/** The same, but null where there is no such queue: the broker says so by closing the channel. */
export async function queueDepthIfThere(
  connection: Pick<ChannelModel, 'createChannel'>,
  queue: string,
): Promise<QueueDepth | null> {
  return queueDepth(connection, queue).catch((error: { readonly code?: unknown }) => {
    if (error.code === NOT_FOUND) return null;
    throw error;
  });
}
