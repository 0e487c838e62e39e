import type { ChannelModel } from 'amqplib';
import { closeChannel } from './close-channel.js';

/** How many messages wait in a queue, not counting those in somebody's hands. */
export async function queueDepth(
  connection: Pick<ChannelModel, 'createChannel'>,
  queue: string,
): Promise<number> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  const { messageCount } = await channel.checkQueue(queue);
  await closeChannel(channel);
  return messageCount;
}
