import { readFileSync } from 'node:fs';
import {
  CLOUD_EVENT_CONTENT_TYPE,
  encodeCloudEvent,
  errorText,
  type OutgoingEvent,
} from '@backup-awareness/contracts/plain';
import { connect, credentials, type ChannelModel } from 'amqplib';
import {
  blocked,
  BrokerUnavailable,
  EventRefused,
  explainClose,
  explainConnectFailure,
} from './broker-errors.js';
import type { HostConfiguration } from '../host/configuration.js';
import { Failure } from '../failure.js';
import { within } from './within.js';

export const APP_ID = 'engine-backup-shim';
const HEARTBEAT_S = 5;
const CLOSE_WITHIN_MS = 1_000;

/** A connection with a channel on which events are published with confirms, in order. */
export interface BrokerSession {
  /**
   * Resolves when the broker has confirmed the event.
   *
   * @throws EventRefused if the broker closed the channel because of this event or another one in flight
   * @throws BrokerUnavailable if it is not confirmed; the broker may still have stored it
   */
  publish(event: OutgoingEvent): Promise<void>;
  /** Rejects all events in flight, for this reason. */
  abandon(reason: BrokerUnavailable): void;
  close(): Promise<void>;
}

/** @throws BrokerUnavailable, explained for an administrator; Failure if the configuration is at fault */
export async function openBrokerConnection(
  configuration: HostConfiguration,
  timeoutMs: number,
): Promise<ChannelModel> {
  const { BROKER_URL, BROKER_USER, BROKER_PASSWORD, BROKER_CERT_FILE } = configuration;
  if (BROKER_URL === '') throw new Failure('no broker is configured: BROKER_URL is not set');
  const { protocol, hostname, port, pathname } = new URL(BROKER_URL);
  const byCertificate = BROKER_PASSWORD === '' && BROKER_CERT_FILE !== '';
  const options = {
    ...certificates(configuration),
    credentials: byCertificate
      ? credentials.external()
      : credentials.plain(BROKER_USER, BROKER_PASSWORD),
    noDelay: true,
    timeout: timeoutMs,
    clientProperties: { connection_name: APP_ID },
  };
  const broker = {
    protocol: protocol.slice(0, -1),
    hostname: hostname.replace(/^\[|\]$/g, ''),
    ...(port === '' ? {} : { port: Number(port) }),
    vhost: pathname.slice(1) || '/',
    heartbeat: HEARTBEAT_S,
  };
  const connecting = connect(broker, options);
  try {
    const connection = await within(timeoutMs, connecting);
    // Without a listener an error would end the process; users of the connection notice its close.
    connection.on('error', () => undefined);
    return connection;
  } catch (error) {
    // A connection that opens after the time limit would keep the process alive.
    connecting.then(closeConnection, () => undefined);
    throw new BrokerUnavailable(
      await explainConnectFailure(error, BROKER_URL, BROKER_USER, {
        cert: options.cert?.toString(),
        key: options.key?.toString(),
      }),
    );
  }
}

export async function openBrokerSession(
  configuration: HostConfiguration,
  timeoutMs: number,
): Promise<BrokerSession> {
  const connection = await openBrokerConnection(configuration, timeoutMs);
  let failure: Error | undefined;
  const underWay = new Set<(error: Error) => void>();
  const end = (error: Error) => {
    failure ??= error;
    for (const reject of underWay) reject(failure);
    underWay.clear();
  };
  connection.on('error', (error) => end(explainClose(error)));
  connection.on('close', () => end(new BrokerUnavailable('the connection to the broker ended')));
  connection.on('blocked', (reason) => end(new BrokerUnavailable(blocked(reason))));
  const channel = await within(timeoutMs, connection.createConfirmChannel()).catch((error) => {
    void closeConnection(connection);
    throw explainClose(error);
  });
  const returned = new Set<unknown>();
  channel.on('error', (error) => end(explainClose(error)));
  channel.on('close', () => end(new BrokerUnavailable('the broker closed the channel')));
  // The broker returns a message before it confirms it.
  channel.on('return', ({ properties }) => returned.add(properties.messageId));

  const publish = (event: OutgoingEvent) =>
    new Promise<void>((resolve, reject) => {
      if (failure) throw failure;
      underWay.add(reject);
      const settle = (error?: unknown) => {
        // For a closed channel, `end` rejects, with the reason.
        if (error && errorText(error) !== NACKED) return;
        underWay.delete(reject);
        if (error) reject(new BrokerUnavailable('the broker did not accept the event (nack)'));
        else if (returned.delete(event.id))
          reject(
            new BrokerUnavailable(
              `${event.routingKey} in ${event.exchange} could not be routed to a queue`,
            ),
          );
        else resolve();
      };
      const { exchange, routingKey } = event;
      const body = encodeCloudEvent(event);
      try {
        channel.publish(exchange, routingKey, body, properties(event, configuration), settle);
      } catch (error) {
        underWay.delete(reject);
        throw isEncodingError(error) ? new EventRefused(errorText(error)) : error;
      }
    });
  return {
    publish,
    abandon: end,
    close: () => closeConnection(connection),
  };
}

/** amqplib throws these for a property that it cannot encode. */
function isEncodingError(error: unknown): boolean {
  return error instanceof TypeError || error instanceof RangeError;
}

const NACKED = 'message nacked';

function properties(event: OutgoingEvent, { BROKER_USER }: HostConfiguration) {
  return {
    contentType: CLOUD_EVENT_CONTENT_TYPE,
    messageId: event.id,
    type: event.name,
    timestamp: Math.floor(Date.now() / 1000),
    appId: APP_ID,
    ...(BROKER_USER === '' ? {} : { userId: BROKER_USER }),
    persistent: true,
    mandatory: true,
  };
}

function certificates(
  configuration: HostConfiguration,
): Partial<Record<'ca' | 'cert' | 'key', Buffer>> {
  const { BROKER_CA_FILE, BROKER_CERT_FILE, BROKER_KEY_FILE } = configuration;
  const files = { ca: BROKER_CA_FILE, cert: BROKER_CERT_FILE, key: BROKER_KEY_FILE };
  const given = Object.entries(files).filter(([, path]) => path !== '');
  try {
    return Object.fromEntries(given.map(([option, path]) => [option, readFileSync(path)]));
  } catch (error) {
    throw new Failure(`cannot read a certificate or key: ${errorText(error)}`);
  }
}

/** Closes the connection gracefully, but does not wait for a broker that hangs. */
export async function closeConnection(connection: ChannelModel): Promise<void> {
  await within(CLOSE_WITHIN_MS, connection.close()).catch(() => undefined);
}
