import {
  createTcpProxy,
  createTestBroker,
  eventually,
  type TcpProxy,
  type TestBroker,
} from '@backup-awareness/testing';
import { BrokerUnavailable, ChannelRefused, MessageRefused, Publisher } from './publisher.js';

describe('a publisher', () => {
  let broker: TestBroker;
  let proxy: TcpProxy;
  let publisher: Publisher;

  beforeAll(async () => {
    broker = await createTestBroker();
    proxy = await createTcpProxy(broker.amqpUrl);
    publisher = await Publisher.open(proxy.urlThrough(broker.amqpUrl), 'spec publisher');
  });

  afterAll(async () => {
    await publisher.close();
    await proxy.close();
    await broker.drop();
  });

  const message = (exchange: string, routingKey: string, body = 'x') => ({
    exchange,
    routingKey,
    body: Buffer.from(body),
    options: { messageId: 'm' },
  });

  it('resolves once the broker has the message, persistent and with its user', async () => {
    await publisher.publish(message('ovirt.backup-administration', 'EngineAdded'));
    const [kept] = await broker.drain('backup-awareness.audit');
    expect(kept!.properties).toMatchObject({
      deliveryMode: 2,
      userId: new URL(broker.amqpUrl).username,
    });
  });

  it('keeps the order of concurrent messages, and makes those beyond its limit wait', async () => {
    const bodies = Array.from({ length: 3_000 }, (_, i) => String(i));
    await Promise.all(
      bodies.map((body) => publisher.publish(message('ovirt.backup-administration', 'X', body))),
    );
    const kept = await broker.drain('backup-awareness.audit');
    expect(kept.map(({ content }) => content.toString())).toEqual(bodies);
  });

  it('rejects a message that reaches no queue, and only that one', async () => {
    const published = await Promise.allSettled([
      publisher.publish(message('backup-awareness.dead', 'backup-awareness.audit')),
      publisher.publish(message('backup-awareness.dead', 'nowhere')),
      publisher.publish(message('backup-awareness.dead', 'backup-awareness.audit')),
    ]);
    expect(published.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(published[1]).toMatchObject({ reason: expect.any(BrokerUnavailable) });
  });

  it('refuses a message that cannot be encoded, and only that one', async () => {
    const one = message('ovirt.backup-administration', 'X');
    const unwritable = { ...one, options: { headers: { trap: { '!': 'bogus', value: 1 } } } };
    await expect(publisher.publish(unwritable)).rejects.toThrow(MessageRefused);
    await publisher.publish(one);
  });

  it('says that the broker closed the channel because of a message, and recovers', async () => {
    await expect(publisher.publish(message('no.such.exchange', 'x'))).rejects.toThrow(
      ChannelRefused,
    );
    await eventually(() => publisher.publish(message('ovirt.backup-administration', 'X')));
  });

  it('says why a message of a stream cannot be read, and goes on', async () => {
    await publisher.publish(message('backup-awareness.incarnation', ''));
    const read = publisher.readStream('backup-awareness.incarnation', {
      isLast: () => {
        throw new Error('no such mark');
      },
      withinMs: 60_000,
    });
    await expect(read).rejects.toThrow(
      'cannot read stream backup-awareness.incarnation: no such mark',
    );
    await publisher.publish(message('backup-awareness.incarnation', ''));
  });

  it('recovers after its connection was cut', async () => {
    proxy.cut();
    await eventually(() => publisher.publish(message('ovirt.backup-administration', 'X')));
  });

  it('says that the broker cannot be reached', async () => {
    const nowhere = await Publisher.open('amqp://guest:guest@127.0.0.1:1/%2F', 'nowhere');
    const failure = nowhere.publish(message('x', 'x'));
    await expect(failure).rejects.toThrow(BrokerUnavailable);
    await expect(failure).rejects.toThrow(/ECONNREFUSED|cannot connect/);
    await nowhere.close();
  });
});
