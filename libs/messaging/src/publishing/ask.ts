import type { ChannelModel } from 'amqplib';
import { closeChannel } from '../connection/close-channel.js';

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';

export interface Request {
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  /** The broker user who asks: the connection's. */
  readonly userId: string;
  /** A queue drops the request after this time, too. */
  readonly withinMs: number;
}

/**
 * Sends a request, and resolves with the answer that comes by direct reply-to. On a channel of its own, so that a refusal affects nothing else.
 *
 * @throws if it cannot be sent or routed, or is not answered in time
 */
export async function ask(
  connection: Pick<ChannelModel, 'createChannel'>,
  { exchange, routingKey, body, userId, withinMs }: Request,
): Promise<Buffer> {
  const channel = await connection.createChannel();
  let timer: NodeJS.Timeout | undefined;
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      const fail = (reason: string) => reject(new Error(reason));
      timer = setTimeout(() => fail(`no answer within ${withinMs / 1_000} s`), withinMs);
      channel.on('error', reject);
      channel.on('close', () => fail('the channel was closed'));
      channel.on('return', () =>
        fail(`no queue is bound to exchange ${exchange} for routing key ${routingKey}`),
      );
      const answered = (message: { readonly content: Buffer } | null) =>
        message ? resolve(message.content) : fail('the broker cancelled the consumer');
      channel
        .consume(DIRECT_REPLY_TO, answered, { noAck: true })
        .then(() =>
          channel.publish(exchange, routingKey, body, {
            contentType: 'application/json',
            type: routingKey,
            replyTo: DIRECT_REPLY_TO,
            expiration: String(withinMs),
            mandatory: true,
            userId,
          }),
        )
        .catch(reject);
    });
  } finally {
    clearTimeout(timer);
    // Not awaited: a broker that blocks publishers does not answer.
    void closeChannel(channel).catch(() => undefined);
  }
}
