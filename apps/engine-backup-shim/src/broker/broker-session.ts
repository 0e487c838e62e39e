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
} from './broker-trouble.js';
import type { HostConfiguration } from '../host/configuration.js';
import { Failure } from '../failure.js';
import { within } from './within.js';

export const APP_ID = 'engine-backup-shim';
const HEARTBEAT_S = 5;
const CLOSE_WITHIN_MS = 1_000;

/** A connection with a channel on which events are published with confirms, in the order in which they are given. */
export interface BrokerSession {
  /**
   * Resolves when the broker has taken responsibility for the event.
   *
   * @throws EventRefused where the broker closed the channel over this event or one under way beside it
   * @throws BrokerUnavailable where it does not take it now; it may have been taken nevertheless
   */
  publish(event: OutgoingEvent): Promise<void>;
  /** Why nothing goes through any more, or undefined. */
  trouble(): Error | undefined;
  /** Ends what is under way, with this trouble. */
  abandon(trouble: BrokerUnavailable): void;
  close(): Promise<void>;
}

/** @throws BrokerUnavailable in words for the person who has to mend it; Failure where the configuration is at fault */
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
    // Without a listener it would end the process; who uses the connection learns from its end.
    connection.on('error', () => undefined);
    return connection;
  } catch (error) {
    // It may come when nobody waits any more, and would keep the process alive.
    connecting.then(closeConnection, () => undefined);
    throw new BrokerUnavailable(explainConnectFailure(error, BROKER_URL, BROKER_USER));
  }
}

export async function openBrokerSession(
  configuration: HostConfiguration,
  timeoutMs: number,
): Promise<BrokerSession> {
  const connection = await openBrokerConnection(configuration, timeoutMs);
  let trouble: Error | undefined;
  const underWay = new Set<(error: Error) => void>();
  const end = (error: Error) => {
    trouble ??= error;
    for (const reject of underWay) reject(trouble);
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
  // What is returned comes before its confirm.
  channel.on('return', ({ properties }) => returned.add(properties.messageId));

  const publish = (event: OutgoingEvent) =>
    new Promise<void>((resolve, reject) => {
      if (trouble) throw trouble;
      underWay.add(reject);
      const settle = (error?: unknown) => {
        // A closed channel rejects by `end`, which knows why.
        if (error && errorText(error) !== NACKED) return;
        underWay.delete(reject);
        if (error) reject(new BrokerUnavailable('the broker could not take the event (nack)'));
        else if (returned.delete(event.id))
          reject(new BrokerUnavailable(`no queue takes ${event.routingKey} of ${event.exchange}`));
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
    trouble: () => trouble,
    abandon: end,
    close: () => closeConnection(connection),
  };
}

/** What amqplib throws for a property that it cannot encode. */
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

function certificates(configuration: HostConfiguration) {
  const { BROKER_CA_FILE, BROKER_CERT_FILE, BROKER_KEY_FILE } = configuration;
  const files = { ca: BROKER_CA_FILE, cert: BROKER_CERT_FILE, key: BROKER_KEY_FILE };
  const given = Object.entries(files).filter(([, path]) => path !== '');
  try {
    return Object.fromEntries(given.map(([option, path]) => [option, readFileSync(path)]));
  } catch (error) {
    throw new Failure(`cannot read a certificate or key: ${errorText(error)}`);
  }
}

/** An orderly end, which a broker that hangs does not hold up. */
export async function closeConnection(connection: ChannelModel): Promise<void> {
  await within(CLOSE_WITHIN_MS, connection.close()).catch(() => undefined);
}
