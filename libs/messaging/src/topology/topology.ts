import { errorText, BINDINGS, EXCHANGES, QUEUES } from '@backup-awareness/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { closeChannel } from '../connection/close-channel.js';
import type { BrokerTls } from '../connection/renewable-certificates.js';
import { NotConnected, onBroker } from '../connection/session.js';

/**
 * Declares every exchange, queue and binding; a step of the administrator. Repeating it changes nothing.
 *
 * @throws if an object of that name exists with different properties
 */
export async function applyTopology(amqpUrl: string, tls?: BrokerTls): Promise<void> {
  await onBroker(amqpUrl, 'backup-awareness topology', declareAll, tls).catch((error: unknown) => {
    throw error instanceof NotConnected ? error.cause : error;
  });
}

async function declareAll(connection: ChannelModel): Promise<void> {
  try {
    const channel = await connection.createChannel();
    channel.on('error', () => undefined);
    for (const { name, type, alternateExchange } of EXCHANGES)
      await channel.assertExchange(name, type, {
        durable: true,
        ...(alternateExchange === undefined ? {} : { alternateExchange }),
      });
    for (const { name, arguments: queueArguments } of QUEUES)
      await channel.assertQueue(name, { durable: true, arguments: { ...queueArguments } });
    for (const { queue, exchange, routingKey } of BINDINGS)
      await channel.bindQueue(queue, exchange, routingKey);
  } catch (error) {
    throw new Error(`cannot declare the topology: ${errorText(error)}`, { cause: error });
  }
}

/**
 * Verifies that the named exchanges and queues exist, by default all. Declares nothing.
 *
 * @returns what is missing, as `exchange NAME` and `queue NAME`
 */
export async function missingTopology(
  connection: Pick<ChannelModel, 'createChannel'>,
  names: { readonly exchanges: readonly string[]; readonly queues: readonly string[] } = {
    exchanges: EXCHANGES.map(({ name }) => name),
    queues: QUEUES.map(({ name }) => name),
  },
): Promise<string[]> {
  const missing: string[] = [];
  for (const name of names.exchanges)
    if (!(await isThere(connection, (channel) => channel.checkExchange(name))))
      missing.push(`exchange ${name}`);
  for (const name of names.queues)
    if (!(await isThere(connection, (channel) => channel.checkQueue(name))))
      missing.push(`queue ${name}`);
  return missing;
}

/** A channel for each question: the broker says «no» by closing it. */
async function isThere(
  connection: Pick<ChannelModel, 'createChannel'>,
  ask: (channel: Channel) => Promise<unknown>,
): Promise<boolean> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  try {
    await ask(channel);
    await closeChannel(channel);
    return true;
  } catch (error) {
    if (isNotFound(error)) return isOnNodeThatIsDown(error);
    throw error;
  }
}

const NOT_FOUND = 404;

/** A classic queue lives on one node of a cluster. While that is down the queue is not missing, and could not be declared. */
function isOnNodeThatIsDown(error: Error): boolean {
  return /home node .* is down or inaccessible/.test(error.message);
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === NOT_FOUND;
}
