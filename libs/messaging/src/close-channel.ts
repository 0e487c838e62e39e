import type { Channel } from 'amqplib';

/**
 * Closes a channel. amqplib's own `close()` settles only when the broker answers: where the connection dies in between it never does,
 * and whoever waits for it waits for ever. The channel's end tells as well.
 */
export async function closeChannel(channel: Channel): Promise<void> {
  await new Promise<void>((resolve) => {
    channel.once('close', () => resolve());
    channel.close().then(resolve, () => resolve());
  });
}
