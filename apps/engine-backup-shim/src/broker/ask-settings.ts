import { ENGINE_BACKUP_EXCHANGE, SETTINGS_REQUESTED } from '@backup-awareness/contracts/plain';
import type { Channel, ChannelModel } from 'amqplib';
import { APP_ID, closeConnection, openBrokerConnection } from './broker-session.js';
import { blocked, BrokerUnavailable, explainClose } from './broker-errors.js';
import type { HostConfiguration } from '../host/configuration.js';
import { within } from './within.js';

/** Short, because the backup waits for the settings. */
export const ASK_WITHIN_MS = 2_000;

const DIRECT_REPLY_TO = 'amq.rabbitmq.reply-to';
const MAX_ANSWER_BYTES = 64 * 1024;

/** The broker accepted the request, but no answer came in time. */
export class NoAnswer extends BrokerUnavailable {}

/**
 * Asks over the broker which tables to exclude from a dump.
 *
 * @returns the raw answer, not validated
 * @throws BrokerUnavailable with the reason, if there is no answer within two seconds
 */
export async function askSettings(configuration: HostConfiguration): Promise<string> {
  const until = Date.now() + ASK_WITHIN_MS;
  const connection = await openBrokerConnection(configuration, ASK_WITHIN_MS);
  try {
    return await within(Math.max(until - Date.now(), 1), answerTo(connection, configuration));
  } catch (error) {
    if (error instanceof Error && error.message === 'ETIMEDOUT')
      throw new NoAnswer('the broker accepted the request, but no answer came: is ingest running?');
    throw error;
  } finally {
    // Not awaited: the backup waits only for the answer.
    void closeConnection(connection);
  }
}

async function answerTo(connection: ChannelModel, { BROKER_USER }: HostConfiguration) {
  const channel = await connection.createChannel();
  const lost = new Promise<never>((_, reject) => {
    connection.on('error', (error) => reject(explainClose(error)));
    connection.on('blocked', (reason) => reject(new BrokerUnavailable(blocked(reason))));
    channel.on('error', (error) => reject(explainClose(error)));
    channel.on('close', () => reject(new BrokerUnavailable('the broker closed the channel')));
    channel.on('return', () =>
      reject(new BrokerUnavailable('the request could not be routed to a queue')),
    );
  });
  const answer = await Promise.race([lost, ask(channel, BROKER_USER)]);
  if (answer.length > MAX_ANSWER_BYTES)
    throw new BrokerUnavailable(`the answer is too long (${answer.length} bytes)`);
  return answer.toString('utf8');
}

async function ask(channel: Channel, user: string): Promise<Buffer> {
  const answer = new Promise<Buffer>((resolve) => {
    channel
      .consume(DIRECT_REPLY_TO, (message) => message && resolve(message.content), { noAck: true })
      .catch(() => undefined);
  });
  channel.publish(ENGINE_BACKUP_EXCHANGE, SETTINGS_REQUESTED, Buffer.from('{}'), {
    contentType: 'application/json',
    type: SETTINGS_REQUESTED,
    replyTo: DIRECT_REPLY_TO,
    expiration: String(ASK_WITHIN_MS),
    appId: APP_ID,
    mandatory: true,
    ...(user === '' ? {} : { userId: user }),
  });
  return answer;
}
