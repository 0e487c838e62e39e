import type { ChannelModel } from 'amqplib';

/** How many messages wait in a queue, not counting those in somebody's hands. */
export async function queueDepth(
  connection: Pick<ChannelModel, 'createChannel'>,
  queue: string,
): Promise<number> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  const { messageCount } = await channel.checkQueue(queue);
  await channel.close();
  return messageCount;
}
