import { connect, type Channel } from 'amqplib';

/** Like the product's own queues. */
const QUORUM = { durable: true, arguments: { 'x-queue-type': 'quorum' } };

export async function onChannel<T>(
  amqpUrl: string,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const connection = await connect(amqpUrl, { noDelay: true });
  try {
    return await work(await connection.createChannel());
  } finally {
    await connection.close();
  }
}

/** Makes an empty quorum queue for a measurement, bound to all messages of `exchange`, if given. */
export async function emptyQueue(amqpUrl: string, name: string, exchange?: string): Promise<void> {
  await onChannel(amqpUrl, async (channel) => {
    await channel.deleteQueue(name);
    await channel.assertQueue(name, QUORUM);
    if (exchange !== undefined) await channel.bindQueue(name, exchange, '#');
  });
}

export async function deleteQueue(amqpUrl: string, name: string): Promise<void> {
  await onChannel(amqpUrl, (channel) => channel.deleteQueue(name));
}

export async function purgeQueues(amqpUrl: string, names: readonly string[]): Promise<void> {
  await onChannel(amqpUrl, async (channel) => {
    for (const name of names) await channel.purgeQueue(name);
  });
}
