import type { Channel } from 'amqplib';

/**
 * Closes a channel. amqplib's own `close()` settles only when the broker answers, so never if the connection dies in between; the
 * channel's `close` event comes in either case.
 */
export async function closeChannel(channel: Channel): Promise<void> {
  await new Promise<void>((resolve) => {
    channel.once('close', () => resolve());
    channel.close().then(resolve, () => resolve());
  });
}
