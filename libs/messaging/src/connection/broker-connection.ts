import { errorText, LogOnce, tlsFailure } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { ChannelModel, RecoveringChannelModel } from 'amqplib';
import { connect } from './amqp.js';
import { closeWithin } from './close-within.js';
import { brokerVersion } from './broker-version.js';
import { withHeartbeat } from './heartbeat.js';
import { loginOf, renewableCertificates, type BrokerTls } from './renewable-certificates.js';

export type { BrokerTls } from './renewable-certificates.js';

const CONNECT_TIMEOUT_MS = 5_000;
/** How often certificates are read again. */
const RENEW_EVERY_MS = 15_000;

/** A connection that recovers by itself, and its current state. */
export interface BrokerConnection {
  readonly model: RecoveringChannelModel;
  /** The broker user; the only valid `user_id`. */
  readonly user: string;
  /** The virtual host; the names of the installation's users depend on it. */
  readonly vhost: string;
  /** Why nothing can be sent or received now, or undefined. */
  unreadyReason(): string | undefined;
  /** The version that the broker names; undefined while not connected. */
  brokerVersion(): string | undefined;
  close(): Promise<void>;
}

/**
 * Opens a connection to the broker and keeps it open, retrying with back-off for as long as it takes.
 *
 * Does not wait for the first connection: a service starts, not ready, while the broker is away.
 *
 * @param url `amqp://user:password@host:port/vhost`; never logged
 * @param name shown by the broker for this connection
 * @param readTls reads the certificates. TLS checks them only when a connection is opened, so within a quarter of a minute after they have
 * changed the connection is closed gracefully and opened again: an expired certificate never stays in use
 */
export async function openBrokerConnection(
  url: string,
  name: string,
  readTls: () => BrokerTls = () => ({}),
): Promise<BrokerConnection> {
  const log = new Logger(name);
  const unconnectedOnce = new LogOnce((reason) => log.warn(reason));
  let unconnected: string | undefined = 'not connected to the broker yet';
  let blocked: string | undefined;
  let isClosing = false;
  const certificates = renewableCertificates(readTls);
  let open: ChannelModel | undefined;
  const model = await connect(withHeartbeat(url), {
    ...certificates.options,
    ...loginOf(url, certificates.inUse()),
    noDelay: true,
    keepAlive: true,
    timeout: CONNECT_TIMEOUT_MS,
    clientProperties: { connection_name: name },
    recovery: { waitForConnect: false, initialDelay: 100, maxDelay: 3_000 },
  });
  model.on('error', (error) => log.debug(`connection: ${error.message}`));
  model.on('handler-error', (error: Error) => log.error(`listener failed: ${error.stack}`));
  model.on('connect', (connected: ChannelModel) => {
    open = connected;
    unconnected = undefined;
    unconnectedOnce.set(undefined);
    log.log('connected to the broker');
  });
  model.on('disconnect', (error) => {
    open = undefined;
    unconnected = `broker connection lost: ${error.message}`;
    // The broker says so again on the next connection.
    blocked = undefined;
    unconnectedOnce.set(unconnected);
  });
  model.on('connect-failed', (error) => void explainFailure(error));
  const explainFailure = async (error: unknown) => {
    const server = { name: 'the broker', url };
    const why = (await tlsFailure(error, server, certificates.inUse())) ?? errorText(error);
    // It may have been opened meanwhile.
    if (open !== undefined) return;
    const reason = `cannot connect to the broker: ${why}`;
    if (!isClosing) unconnectedOnce.set(reason);
    unconnected = reason;
  };
  model.on('blocked', (reason) => {
    blocked = `the broker blocks publishers: ${reason}`;
    log.warn(blocked);
  });
  model.on('unblocked', () => {
    blocked = undefined;
    log.log('the broker no longer blocks publishers');
  });
  const renewal = setInterval(() => {
    if (!certificates.renew()) return;
    log.log('the certificates were renewed: connecting with them');
    // Unconfirmed messages are published again, and unacknowledged ones delivered again, as after any lost connection.
    open?.close().catch(() => undefined);
  }, RENEW_EVERY_MS);
  renewal.unref();
  return {
    model,
    user: decodeURIComponent(new URL(url).username) || 'guest',
    vhost: decodeURIComponent(new URL(url).pathname.slice(1)) || '/',
    unreadyReason: () => (isClosing ? 'closed' : (unconnected ?? blocked)),
    brokerVersion: () => open && brokerVersion(open),
    close: async () => {
      isClosing = true;
      clearInterval(renewal);
      await closeWithin(model);
    },
  };
}

/** The virtual host that a URL names, `/` by default. */
export function virtualHostOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || '/';
}
