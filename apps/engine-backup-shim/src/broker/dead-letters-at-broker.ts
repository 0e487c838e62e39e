import {
  deadLetterQueue,
  errorText,
  INGEST_QUEUE,
  UNROUTED_QUEUE,
} from '@backup-awareness/contracts/plain';
import type { ChannelModel } from 'amqplib';
import { closeConnection, openBrokerConnection } from './broker-session.js';
import type { HostConfiguration } from '../host/configuration.js';
import { within } from './within.js';

const ANSWER_WITHIN_MS = 2_000;

export const DEAD_LETTERS = deadLetterQueue(INGEST_QUEUE);

/** The numbers of messages that did not get through, of all hosts together. */
export interface DeadLetters {
  readonly deadLetters: number;
  readonly unrouted: number;
}

/**
 * Asks the broker for the lengths of the queues, which needs no permission; it does not tell whose messages they are.
 * Never rejects, and takes a few seconds at most.
 *
 * @returns the numbers, or why they are unknown
 */
export async function askDeadLetters(
  configuration: HostConfiguration,
): Promise<DeadLetters | { readonly unknown: string }> {
  try {
    const connection = await openBrokerConnection(configuration, ANSWER_WITHIN_MS);
    try {
      const deadLetters = await within(ANSWER_WITHIN_MS, depth(connection, DEAD_LETTERS));
      const unrouted = await within(ANSWER_WITHIN_MS, depth(connection, UNROUTED_QUEUE));
      return { deadLetters, unrouted };
    } finally {
      await closeConnection(connection);
    }
  } catch (error) {
    return { unknown: errorText(error) };
  }
}

async function depth(connection: ChannelModel, queue: string): Promise<number> {
  const channel = await connection.createChannel();
  // If the queue does not exist, the broker closes the channel, and the request is rejected.
  channel.on('error', () => undefined);
  return (await channel.checkQueue(queue)).messageCount;
}
