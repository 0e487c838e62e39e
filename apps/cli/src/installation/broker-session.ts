import type { ChannelModel } from 'amqplib';
import { reasonOf, Unreachable } from '../output/failure.js';

/** @throws Unreachable if the broker does not answer, or refuses the login */
export async function onBroker<T>(
  url: string,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  // Loaded here: most commands do not use the broker.
  const session = await import('@backup-awareness/messaging/session');
  return session.onBroker(url, 'backup-awareness', work).catch((error: unknown) => {
    throw error instanceof session.NotConnected ? brokerUnreachable(error.cause, url) : error;
  });
}

export function brokerUnreachable(error: unknown, url: string): Unreachable {
  const reason = `cannot reach the broker at ${new URL(url).host}: ${reasonOf(error)}`;
  return new Unreachable(reason, { cause: error });
}
