import type { ChannelModel } from 'amqplib';
import { connect } from './amqp.js';
import { closeWithin } from './close-within.js';
import { withHeartbeat } from './heartbeat.js';

export { withHeartbeat } from './heartbeat.js';
export { queueDepthIfThere, type QueueDepth } from './queue-depth.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** The broker does not answer, or does not let us in. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/**
 * A connection for one piece of work, which does not come back by itself: for a program that runs once. It loads no framework.
 *
 * @param name what the broker shows for it
 * @throws NotConnected, with what the broker or the network said as its cause, or what `work` throws
 */
export async function onBroker<T>(
  url: string,
  name: string,
  work: (connection: ChannelModel) => Promise<T>,
): Promise<T> {
  const connection = await connect(withHeartbeat(url), {
    timeout: CONNECT_TIMEOUT_MS,
    noDelay: true,
    clientProperties: { connection_name: name },
  }).catch((error: unknown) => {
    throw new NotConnected('the broker cannot be reached', { cause: error });
  });
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await closeWithin(connection);
  }
}
