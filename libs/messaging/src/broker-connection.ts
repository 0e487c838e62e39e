import { errorText, LogOnce } from '@backup-awareness/contracts';
import { Logger } from '@nestjs/common';
import type { RecoveringChannelModel } from 'amqplib';
import { connect } from './amqp.js';
import { closeWithin } from './close-within.js';
import { withHeartbeat } from './heartbeat.js';

const CONNECT_TIMEOUT_MS = 5_000;

/** A connection that recovers by itself, and its current state. */
export interface BrokerConnection {
  readonly model: RecoveringChannelModel;
  /** The broker user; the only valid `user_id`. */
  readonly user: string;
  /** The virtual host; the names of the installation's users depend on it. */
  readonly vhost: string;
  /** Why nothing can be sent or received now, or undefined. */
  unreadyReason(): string | undefined;
  close(): Promise<void>;
}

/** Certificates in PEM. By default the system's authorities are trusted and no client certificate is shown. */
export interface BrokerTls {
  readonly ca?: string | undefined;
  readonly cert?: string | undefined;
  readonly key?: string | undefined;
}

/**
 * Opens a connection to the broker and keeps it open, retrying with back-off for as long as it takes.
 *
 * Does not wait for the first connection: a service starts, not ready, while the broker is away.
 *
 * @param url `amqp://user:password@host:port/vhost`; never logged
 * @param name shown by the broker for this connection
 */
export async function openBrokerConnection(
  url: string,
  name: string,
  tls: BrokerTls = {},
): Promise<BrokerConnection> {
  const log = new Logger(name);
  const unconnectedOnce = new LogOnce((reason) => log.warn(reason));
  let unconnected: string | undefined = 'not connected to the broker yet';
  let blocked: string | undefined;
  let isClosing = false;
  const model = await connect(withHeartbeat(url), {
    ...certificates(tls),
    noDelay: true,
    keepAlive: true,
    timeout: CONNECT_TIMEOUT_MS,
    clientProperties: { connection_name: name },
    recovery: { waitForConnect: false, initialDelay: 100, maxDelay: 3_000 },
  });
  model.on('error', (error) => log.debug(`connection: ${error.message}`));
  model.on('handler-error', (error: Error) => log.error(`listener failed: ${error.stack}`));
  model.on('connect', () => {
    unconnected = undefined;
    unconnectedOnce.set(undefined);
    log.log('connected to the broker');
  });
  model.on('disconnect', (error) => {
    unconnected = `broker connection lost: ${error.message}`;
    // The broker says so again on the next connection.
    blocked = undefined;
    unconnectedOnce.set(unconnected);
  });
  model.on('connect-failed', (error) => {
    const reason = `cannot connect to the broker: ${errorText(error)}`;
    if (!isClosing) unconnectedOnce.set(reason);
    unconnected = reason;
  });
  model.on('blocked', (reason) => {
    blocked = `the broker blocks publishers: ${reason}`;
    log.warn(blocked);
  });
  model.on('unblocked', () => {
    blocked = undefined;
    log.log('the broker no longer blocks publishers');
  });
  return {
    model,
    user: decodeURIComponent(new URL(url).username) || 'guest',
    vhost: decodeURIComponent(new URL(url).pathname.slice(1)) || '/',
    unreadyReason: () => (isClosing ? 'closed' : (unconnected ?? blocked)),
    close: async () => {
      isClosing = true;
      await closeWithin(model);
    },
  };
}

function certificates({ ca, cert, key }: BrokerTls) {
  return {
    ...(ca === undefined ? {} : { ca: [Buffer.from(ca)] }),
    ...(cert === undefined ? {} : { cert: Buffer.from(cert) }),
    ...(key === undefined ? {} : { key: Buffer.from(key) }),
  };
}

/** The virtual host that a URL names, `/` by default. */
export function virtualHostOf(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || '/';
}
