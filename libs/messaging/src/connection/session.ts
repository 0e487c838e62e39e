import { tlsFailure } from '@backup-awareness/contracts/plain';
import type { ChannelModel } from 'amqplib';
import { connect } from './amqp.js';
import { closeWithin } from './close-within.js';
import { withHeartbeat } from './heartbeat.js';
import { loginOf, renewableCertificates, type BrokerTls } from './renewable-certificates.js';

export { brokerVersion } from './broker-version.js';
export { withHeartbeat } from './heartbeat.js';
export { queueDepthIfThere, type QueueDepth } from '../topology/queue-depth.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** The broker does not answer, or refuses the login. */
export class NotConnected extends Error {
  override readonly name = 'NotConnected';
}

/**
 * Runs `work` with a connection that does not recover by itself, for a program that runs once. Loads no framework.
 *
 * @param name shown by the broker for this connection
 * @throws NotConnected with the error of the broker or the network as its cause, or what `work` throws
 */
export async function onBroker<T>(
  url: string,
  name: string,
  work: (connection: ChannelModel) => Promise<T>,
  tls: BrokerTls = {},
): Promise<T> {
  const connection = await connect(withHeartbeat(url), {
    ...renewableCertificates(() => tls).options,
    ...loginOf(url, tls),
    timeout: CONNECT_TIMEOUT_MS,
    noDelay: true,
    clientProperties: { connection_name: name },
  }).catch(async (error: unknown) => {
    const reason = await tlsFailure(error, { name: 'the broker', url }, tls);
    const cause = reason === undefined ? error : new Error(reason, { cause: error });
    throw new NotConnected('the broker cannot be reached', { cause });
  });
  connection.on('error', () => undefined);
  try {
    return await work(connection);
  } finally {
    await closeWithin(connection);
  }
}
