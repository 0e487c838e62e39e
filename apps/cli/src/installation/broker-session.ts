import type { ChannelModel } from 'amqplib';
import { brokerCertificates } from './certificates.js';
import { reasonOf, Unreachable } from '../output/failure.js';

/** @throws Unreachable if the broker does not answer, or refuses the login */
export async function onBroker<T>(
  url: string,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  // Loaded here: most commands do not use the broker.
  const session = await import('@backup-awareness/messaging/session');
  const tls = brokerCertificates(url);
  return session.onBroker(url, 'backup-awareness', work, tls).catch((error: unknown) => {
    throw error instanceof session.NotConnected ? brokerUnreachable(error.cause, url) : error;
  });
}

/** The same for work that publishes. @throws Unreachable also if the connection is lost, or the broker does not confirm */
export async function onLastingBroker<T>(
  url: string,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  let lostBecause: Error | undefined;
  return onBroker(url, async (connection) => {
    connection.on('error', (error) => (lostBecause = error));
    return work(connection);
  }).catch((error: unknown) => {
    if (error instanceof Unreachable) throw error;
    if (lostBecause !== undefined) throw brokerUnreachable(lostBecause, url);
    if (error instanceof Error && error.name === 'NotConfirmed')
      throw new Unreachable(error.message, { cause: error });
    throw error;
  });
}

export function brokerUnreachable(error: unknown, url: string): Unreachable {
  const reason = `cannot reach the broker at ${new URL(url).host}: ${reasonOf(error)}`;
  return new Unreachable(reason, { cause: error });
}
