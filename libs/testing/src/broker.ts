import { randomBytes, randomUUID } from 'node:crypto';
import {
  applyBrokerUsers,
  applyTopology,
  BROKER_USER_NAMES,
  brokerUserName,
  type BrokerUser,
} from '@backup-awareness/messaging';
import {
  connect,
  type ChannelModel,
  type ConfirmChannel,
  type GetMessage,
  type Options,
} from 'amqplib';
import { required } from './required.js';

/** A virtual host of its own on the tests' broker, with topology, users and permissions as in an installation. */
export interface TestBroker {
  readonly vhost: string;
  readonly amqpUrl: string;
  readonly managementUrl: string;
  /** The management API as the user `monitor`. */
  readonly monitorUrl: string;
  /** The same broker as one of the services' users. */
  urlOf(user: BrokerUser): string;
  /** Publishes with a confirm, as the administrator. */
  publish(
    exchange: string,
    routingKey: string,
    body: unknown,
    options?: Options.Publish,
  ): Promise<void>;
  /** How many messages are ready in a queue, without unacknowledged ones. */
  depth(queue: string): Promise<number>;
  /** Consumes all messages that are ready in a queue. */
  drain(queue: string): Promise<GetMessage[]>;
  /** Does what `topology apply` does: declares what is missing, and restores users and policies. */
  applyAll(): Promise<void>;
  /** Asks the broker's management API. */
  api(method: string, path: string, body?: unknown): Promise<unknown>;
  drop(): Promise<void>;
}

/** @throws if TEST_AMQP_URL or TEST_AMQP_MANAGEMENT_URL, which `npm test` sets, is missing */
export async function createTestBroker(): Promise<TestBroker> {
  const administrator = new URL(required('TEST_AMQP_URL'));
  const managementUrl = required('TEST_AMQP_MANAGEMENT_URL');
  const vhost = `test-${randomUUID()}`;
  const api = managementApi(managementUrl);
  const at = encodeURIComponent(vhost);
  const user = decodeURIComponent(administrator.username);
  await api('PUT', `vhosts/${at}`);
  await api('PUT', `permissions/${at}/${encodeURIComponent(user)}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  administrator.pathname = `/${at}`;
  const amqpUrl = administrator.href;
  const passwords = newPasswords();
  const applyAll = async () => {
    await applyTopology(amqpUrl);
    await applyBrokerUsers(managementUrl, vhost, passwords);
  };
  await applyAll();

  const connection = await connect(amqpUrl);
  connection.on('error', () => undefined);
  const channel = await connection.createConfirmChannel();
  return {
    vhost,
    amqpUrl,
    managementUrl,
    monitorUrl: urlOf(new URL(managementUrl), brokerUserName(vhost, 'monitor'), passwords.monitor),
    applyAll,
    urlOf: (name) => urlOf(administrator, brokerUserName(vhost, name), passwords[name]),
    publish: (exchange, routingKey, body, options) =>
      publish(channel, exchange, routingKey, body, options),
    depth: (queue) =>
      onItsOwnChannel(connection, async (it) => (await it.checkQueue(queue)).messageCount),
    drain: (queue) => onItsOwnChannel(connection, (it) => drain(it, queue)),
    api,
    drop: async () => {
      await connection.close();
      await api('DELETE', `vhosts/${at}`);
      for (const name of BROKER_USER_NAMES)
        await api('DELETE', `users/${encodeURIComponent(brokerUserName(vhost, name))}`);
    },
  };
}

function newPasswords(): Record<BrokerUser, string> {
  const entries = BROKER_USER_NAMES.map((name) => [name, randomBytes(16).toString('hex')]);
  return Object.fromEntries(entries) as Record<BrokerUser, string>;
}

function urlOf(administrator: URL, user: string, password: string): string {
  const url = new URL(administrator.href);
  url.username = encodeURIComponent(user);
  url.password = password;
  return url.href;
}

function publish(
  channel: ConfirmChannel,
  exchange: string,
  routingKey: string,
  body: unknown,
  options: Options.Publish = {},
): Promise<void> {
  const content = Buffer.isBuffer(body)
    ? body
    : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  return new Promise((resolve, reject) => {
    channel.publish(exchange, routingKey, content, { persistent: true, ...options }, (error) =>
      error ? reject(error) : resolve(),
    );
  });
}

async function onItsOwnChannel<T>(
  connection: ChannelModel,
  work: (channel: Awaited<ReturnType<ChannelModel['createChannel']>>) => Promise<T>,
): Promise<T> {
  const channel = await connection.createChannel();
  channel.on('error', () => undefined);
  const result = await work(channel);
  await channel.close();
  return result;
}

async function drain(
  channel: Awaited<ReturnType<ChannelModel['createChannel']>>,
  queue: string,
): Promise<GetMessage[]> {
  const messages: GetMessage[] = [];
  for (;;) {
    const message = await channel.get(queue, { noAck: true });
    if (!message) return messages;
    messages.push(message);
  }
}

function managementApi(managementUrl: string): TestBroker['api'] {
  const { origin, username, password } = new URL(managementUrl);
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return async (method, path, body) => {
    const response = await fetch(`${origin}/api/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
        'content-type': 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
}
