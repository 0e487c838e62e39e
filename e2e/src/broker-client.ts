import { connect, type ChannelModel, type ConfirmChannel, type Options } from 'amqplib';

/** An ordinary AMQP client, which connects when needed, and again after its connection was lost. */
export interface BrokerClient {
  /** Publishes persistently, with a confirm. */
  publish(
    exchange: string,
    routingKey: string,
    body: Buffer | string | object,
    options?: Options.Publish,
  ): Promise<void>;
  /** The client's own connection. */
  connection(): Promise<ChannelModel>;
  close(): Promise<void>;
}

export function createBrokerClient(url: () => string): BrokerClient {
  let opening: Promise<{ connection: ChannelModel; channel: ConfirmChannel }> | undefined;
  const open = async () => {
    const connection = await connect(url(), { noDelay: true, timeout: 5_000 });
    const forget = () => (opening = undefined);
    connection.on('error', forget);
    connection.on('close', forget);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => void connection.close().catch(() => undefined));
    return { connection, channel };
  };
  const opened = () => {
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  };
  return {
    async publish(exchange, routingKey, body, options = {}) {
      const { channel } = await opened();
      await new Promise<void>((resolve, reject) => {
        channel.publish(
          exchange,
          routingKey,
          bytesOf(body),
          { persistent: true, ...options },
          (error) => (error ? reject(error) : resolve()),
        );
      });
    },
    connection: async () => (await opened()).connection,
    async close() {
      const { connection } = (await opening?.catch(() => undefined)) ?? {};
      await connection?.close().catch(() => undefined);
    },
  };
}

function bytesOf(body: Buffer | string | object): Buffer {
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
