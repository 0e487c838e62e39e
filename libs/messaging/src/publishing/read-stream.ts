import { errorText } from '@backup-awareness/contracts';
import type { ChannelModel } from 'amqplib';
import { closeChannel } from '../connection/close-channel.js';

const PREFETCH = 500;

/**
 * Reads what a stream of the broker keeps, from its first message to the one for which `isLast` is true. Removes nothing.
 *
 * @throws if there is no such stream, it may not be read, or that message does not come within `withinMs`
 */
export async function readStream(
  connection: Pick<ChannelModel, 'createChannel'>,
  stream: string,
  { isLast, withinMs }: { isLast: (content: Buffer) => boolean; withinMs: number },
): Promise<Buffer[]> {
  const channel = await connection.createChannel();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Buffer[]>((resolve, reject) => {
      const contents: Buffer[] = [];
      const fail = (reason: string) => reject(new Error(`cannot read stream ${stream}: ${reason}`));
      timer = setTimeout(() => fail(`its end did not come within ${withinMs / 1_000} s`), withinMs);
      channel.on('error', reject);
      channel.on('close', () => fail('the channel was closed'));
      channel
        .prefetch(PREFETCH)
        .then(() =>
          channel.consume(
            stream,
            (message) => {
              if (!message) return fail('the broker cancelled the consumer');
              try {
                contents.push(message.content);
                channel.ack(message);
                if (isLast(message.content)) resolve(contents);
              } catch (error) {
                fail(errorText(error));
              }
            },
            { arguments: { 'x-stream-offset': 'first' } },
          ),
        )
        .catch(reject);
    });
  } finally {
    clearTimeout(timer);
    // Not awaited: a broker that blocks publishers does not answer.
    void closeChannel(channel).catch(() => undefined);
  }
}
