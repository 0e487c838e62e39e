import { SETTINGS_QUEUE } from '@backup-awareness/contracts';
import {
  createTcpProxy,
  createTestBroker,
  eventually,
  type TcpProxy,
  type TestBroker,
} from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import { connect, type ChannelModel } from 'amqplib';
import { setTimeout as sleep } from 'node:timers/promises';
import { openBrokerConnection, type BrokerConnection } from './broker-connection.js';
import { ReplyTransport } from './reply-transport.js';
import { applyTopology } from './topology.js';

describe('the reply transport', () => {
  let broker: TestBroker;
  let proxy: TcpProxy;
  let connection: BrokerConnection;
  let transport: ReplyTransport;
  let observer: ChannelModel;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    observer = await connect(broker.amqpUrl);
    proxy = await createTcpProxy(broker.amqpUrl);
    const url = proxy.urlThrough(broker.urlOf('ingest-settings'));
    connection = await openBrokerConnection(url, 'spec answering');
    transport = new ReplyTransport(connection);
    transport.addHandler(SETTINGS_QUEUE, async () => 'answered');
    transport.listen(() => undefined);
  });
  afterAll(async () => {
    transport.close();
    await connection.close();
    await proxy.close();
    await observer.close();
    await broker.drop();
  });

  const consumers = async () => {
    const channel = await observer.createChannel();
    channel.on('error', () => undefined);
    const { consumerCount } = await channel.checkQueue(SETTINGS_QUEUE);
    await channel.close();
    return consumerCount;
  };
  /** A second consumer would appear late: about a second after a consumer was started again. */
  const isOne = async () => {
    await eventually(async () => expect(await consumers()).toBe(1));
    await sleep(1_500);
    expect(await consumers()).toBe(1);
  };
  const at = () => encodeURIComponent(broker.vhost);

  async function ask(withinMs = 5_000): Promise<unknown> {
    const channel = await observer.createChannel();
    channel.on('error', () => undefined);
    const answer = new Promise<unknown>((resolve) => {
      void channel.consume(
        'amq.rabbitmq.reply-to',
        (message) => message && resolve(JSON.parse(message.content.toString())),
        { noAck: true },
      );
    });
    channel.publish('', SETTINGS_QUEUE, Buffer.from('{}'), { replyTo: 'amq.rabbitmq.reply-to' });
    const got = await Promise.race([answer, sleep(withinMs, 'no answer', { ref: false })]);
    await channel.close();
    return got;
  }

  it('has one consumer', async () => {
    await isOne();
    expect(await ask()).toBe('answered');
  });

  it('has one consumer after its connection was cut, several times in a row', async () => {
    for (let i = 0; i < 4; i++) {
      proxy.cut();
      await eventually(async () => expect(await consumers()).toBe(1));
    }
    await isOne();
    expect(await ask()).toBe('answered');
  });

  it('has one consumer after the broker closed its connection', async () => {
    const list = async () => {
      const all = (await broker.api('GET', 'connections')) as { name: string; user: string }[];
      return all.filter(({ user }) => user === `${broker.vhost}.ingest-settings`);
    };
    const [own] = await eventually(async () => {
      const found = await list();
      expect(found).toHaveLength(1);
      return found;
    });
    await broker.api('DELETE', `connections/${encodeURIComponent(own!.name)}`);
    await isOne();
    expect(await ask()).toBe('answered');
  });

  it('has one consumer after its queue was deleted and declared again', async () => {
    for (let i = 0; i < 2; i++) {
      await broker.api('DELETE', `queues/${at()}/${SETTINGS_QUEUE}`);
      await sleep(500);
      await applyTopology(broker.amqpUrl);
      await isOne();
    }
    expect(await ask()).toBe('answered');
  });

  it('has one consumer after the broker closed its channel because of a reply', async () => {
    const user = encodeURIComponent(`${broker.vhost}.ingest-settings`);
    const path = `permissions/${at()}/${user}`;
    const { configure, write, read } = (await broker.api('GET', path)) as Record<string, string>;
    await broker.api('PUT', path, { configure, write: '^$', read });
    // The broker caches the permissions of a channel.
    proxy.cut();
    await eventually(async () => expect(await consumers()).toBe(1));
    expect(await ask(500)).toBe('no answer');
    await broker.api('PUT', path, { configure, write, read });
    await eventually(async () => expect(await ask(500)).toBe('answered'), 30_000);
    await isOne();
  });
});
