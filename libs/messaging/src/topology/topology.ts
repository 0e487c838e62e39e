import { setTimeout as sleep } from 'node:timers/promises';
import { errorText, BINDINGS, EXCHANGES, QUEUES } from '@backup-awareness/contracts';
import type { Channel, ChannelModel } from 'amqplib';
import { closeChannel } from '../connection/close-channel.js';
import type { BrokerTls } from '../connection/renewable-certificates.js';
import { NotConnected, onBroker } from '../connection/session.js';

/** A broker that has just started answers before its streams have a leader. */
const WAIT_FOR_LEADER_MS = 30_000;
const EVERY_MS = 200;

/**
 * Declares every exchange, queue and binding; a step of the administrator. Repeating it changes nothing. Waits half a minute for a queue
 * whose node is down or, as after the broker's start, has not taken it up yet.
 *
 * @param onWait gets one line for an administrator as soon as it waits, and no other
 * @throws if an object of that name exists with different properties
 */
export async function applyTopology(
  amqpUrl: string,
  tls?: BrokerTls,
  onWait: (line: string) => void = () => undefined,
): Promise<void> {
  const declare = (connection: ChannelModel) => declareAll(connection, onWait);
  await onBroker(amqpUrl, 'backup-awareness topology', declare, tls).catch((error: unknown) => {
    throw error instanceof NotConnected ? error.cause : error;
  });
}

async function declareAll(connection: ChannelModel, onWait: (line: string) => void): Promise<void> {
  const until = performance.now() + WAIT_FOR_LEADER_MS;
  for (let isFirst = true; ; isFirst = false) {
    try {
      return await declareOnce(connection);
    } catch (error) {
      const isToCome = isNotFound(error) && isOnNodeThatIsDown(error);
      if (!isToCome || performance.now() > until)
        throw new Error(`cannot declare the topology: ${errorText(error)}`, { cause: error });
      if (isFirst)
        onWait(`Waiting up to ${WAIT_FOR_LEADER_MS / 1000} s for the broker: ${errorText(error)}`);
      await sleep(EVERY_MS);
    }
  }
}

async function declareOnce(connection: ChannelModel): Promise<void> {
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
  await closeChannel(channel);
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

/**
 * A classic queue lives on one node of a cluster, and a stream is where its leader is. While that is down, or not yet elected, the queue is
 * not missing, and could not be declared.
 */
function isOnNodeThatIsDown(error: Error): boolean {
  return /home node .* is down or inaccessible/.test(error.message);
}

function isNotFound(error: unknown): error is Error {
  return error instanceof Error && 'code' in error && error.code === NOT_FOUND;
}
