import type { ChannelModel, ConfirmChannel } from 'amqplib';
import { closeChannel } from '../connection/close-channel.js';
import type { OutgoingMessage } from './publisher.js';

/** The broker has not confirmed the messages; it may have accepted some of them. */
export class NotConfirmed extends Error {
  override readonly name = 'NotConfirmed';
}

const CONFIRM_TIMEOUT_MS = 10_000;

/**
 * Publishes messages, persistent and mandatory, and resolves when the broker has taken responsibility for all of them.
 *
 * @param connection one that nothing is consumed on: an alarm of the broker blocks a connection that publishes
 * @param userId its user
 * @throws NotConfirmed
 */
export async function publishConfirmed(
  connection: ChannelModel,
  userId: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  const channel = await connection.createConfirmChannel();
  let refusal: Error | undefined;
  channel.on('error', (error: Error) => (refusal = error));
  channel.on('return', ({ fields }) => {
    refusal = new Error(`exchange ${fields.exchange} keeps nothing for ${fields.routingKey}`);
  });
  try {
    await Promise.all(messages.map((message) => confirmed(channel, userId, message)));
    // The broker returns a message before it confirms it.
    if (refusal) throw refusal;
  } catch (error) {
    const reason = (refusal ?? (error as Error)).message;
    throw new NotConfirmed(`the broker has not confirmed what was published: ${reason}`, {
      cause: refusal ?? error,
    });
  } finally {
    await closeChannel(channel);
  }
}

async function confirmed(
  channel: ConfirmChannel,
  userId: string,
  { exchange, routingKey, body, options }: OutgoingMessage,
): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    const late = new Error(`no confirm within ${CONFIRM_TIMEOUT_MS / 1_000} s`);
    timer = setTimeout(() => reject(late), CONFIRM_TIMEOUT_MS);
  });
  const answer = new Promise<void>((resolve, reject) => {
    channel.publish(
      exchange,
      routingKey,
      body,
      { ...options, persistent: true, mandatory: true, userId },
      (error: unknown) => (error ? reject(error as Error) : resolve()),
    );
  });
  await Promise.race([answer, tooLate]).finally(() => clearTimeout(timer));
}
