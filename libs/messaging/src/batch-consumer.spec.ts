import { INGEST_QUEUE, refuse } from '@backup-awareness/contracts';
import {
  createTcpProxy,
  createTestBroker,
  eventually,
  type TcpProxy,
  type TestBroker,
} from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { BatchConsumer, type BatchConsumerOptions } from './batch-consumer.js';
import { openBrokerConnection, type BrokerConnection } from './broker-connection.js';
import { DUPLICATE, invalid, STORED, tryAgain, type Delivery, type Outcome } from './delivery.js';
import { Publisher } from './publisher.js';

const DEAD_QUEUE = `${INGEST_QUEUE}.dead`;

describe('a consumer of batches', () => {
  let broker: TestBroker;
  let proxy: TcpProxy;
  let connection: BrokerConnection;
  let publisher: Publisher;
  const consumers: BatchConsumer[] = [];

  beforeEach(async () => {
    broker = await createTestBroker();
    proxy = await createTcpProxy(broker.amqpUrl);
    connection = await openBrokerConnection(proxy.urlThrough(broker.urlOf('ingest')), 'consumer');
    publisher = await Publisher.open(broker.urlOf('ingest'), 'publisher');
  });

  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    await publisher.close();
    await connection.close();
    await proxy.close();
    await broker.drop();
  });

  function consume(
    handle: (batch: readonly Delivery[]) => Outcome[] | Promise<Outcome[]>,
    options: Partial<BatchConsumerOptions> = {},
  ): BatchConsumer {
    const consumer = new BatchConsumer({
      queue: INGEST_QUEUE,
      connection,
      publisher,
      probe: async () => undefined,
      handle: async (batch) => handle(batch),
      ...options,
    });
    consumers.push(consumer);
    consumer.start();
    return consumer;
  }

  async function send(...texts: string[]): Promise<void> {
    await Promise.all(
      texts.map((text) => broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', text)),
    );
  }

  const textsOf = (batch: readonly Delivery[]) =>
    batch.map(({ body }) => Buffer.from(body).toString());
  const numbered = (count: number) => Array.from({ length: count }, (_, i) => `message ${i}`);

  it('given messages that wait, hands them over in batches and acknowledges what is stored', async () => {
    await send(...numbered(500));
    const seen: string[] = [];
    const sizes: number[] = [];
    consume((batch) => {
      sizes.push(batch.length);
      seen.push(...textsOf(batch));
      return batch.map((_, i) => (i % 2 ? STORED : DUPLICATE));
    });
    await eventually(() => expect(seen).toHaveLength(500));
    expect([...seen].sort()).toEqual(numbered(500).sort());
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    await consumers[0]!.stop();
    expect(await broker.depth(INGEST_QUEUE)).toBe(0);
  });

  it('given an invalid message, makes it a dead letter as it came, with the reason, and stores its neighbours', async () => {
    await send('good');
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED.db', 'bad', {
      contentType: 'text/plain',
      messageId: 'm-1',
      type: 'ENGINE_BACKUP_STARTED',
      expiration: '3600000',
      headers: { mine: 'kept', CC: ['backup-awareness.audit'] },
    });
    const stored: string[] = [];
    consume((batch) =>
      batch.map((delivery) => {
        const [text] = textsOf([delivery]);
        if (text === 'bad') {
          const result = refuse('body', 'better', 'x'.repeat(5_000));
          return invalid(result.ok ? never() : result.invalid);
        }
        stored.push(text!);
        return STORED;
      }),
    );
    const dead = await eventually(async () => {
      const messages = await broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages[0]!;
    });
    expect(dead.content.toString()).toBe('bad');
    expect(dead.properties).toMatchObject({
      contentType: 'text/plain',
      messageId: 'm-1',
      type: 'ENGINE_BACKUP_STARTED',
      deliveryMode: 2,
    });
    expect(dead.properties.expiration).toBeUndefined();
    expect(dead.properties.headers).toMatchObject({
      mine: 'kept',
      'x-error-path': 'body',
      'x-error-expected': 'better',
      'x-original-exchange': 'ovirt.engine-backup',
      'x-original-routing-key': 'ENGINE_BACKUP_STARTED.db',
    });
    expect(Buffer.byteLength(dead.properties.headers!['x-error-got'])).toBeLessThanOrEqual(1_000);
    expect(Date.parse(dead.properties.headers!['x-received-at'])).toBeLessThanOrEqual(Date.now());
    expect(stored).toEqual(['good']);
    await eventually(async () => expect(await broker.depth(INGEST_QUEUE)).toBe(0));
  });

  it('given a message whose headers fill a frame, makes it a dead letter all the same', async () => {
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', 'bad', {
      headers: { large: 'x'.repeat(50_000) },
    });
    consume((batch) => batch.map(() => invalidOutcome()));
    const [dead] = await eventually(async () => {
      const messages = await broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages;
    });
    expect(dead!.properties.headers!['x-headers-left-out']).toContain('1 headers');
  });

  it('given a message whose headers cannot be written again, makes it a dead letter without them', async () => {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('POST', `exchanges/${at}/ovirt.engine-backup/publish`, {
      properties: { delivery_mode: 2, headers: { trap: { '!': 'bogus', value: 1 } } },
      routing_key: 'ENGINE_BACKUP_STARTED',
      payload: 'bad',
      payload_encoding: 'string',
    });
    consume((batch) => batch.map(() => invalidOutcome()));
    const dead = await eventually(async () => {
      const messages = await broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages[0]!;
    });
    expect(dead.content.toString()).toBe('bad');
    expect(dead.properties.headers).toMatchObject({
      'x-error-path': 'body',
      'x-properties-left-out': expect.stringContaining('bogus'),
    });
  });

  it('given a fault of the environment, holds nothing and takes everything once it is well', async () => {
    await send(...numbered(50));
    let isWell = false;
    const stored: string[] = [];
    const consumer = consume((batch) => {
      if (!isWell) return batch.map(() => tryAgain('disk full'));
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(consumer.trouble()).toBe('disk full'));
    await eventually(async () => expect(await broker.depth(INGEST_QUEUE)).toBe(50));
    isWell = true;
    await eventually(() => expect(stored).toHaveLength(50));
    expect(consumer.trouble()).toBeUndefined();
  });

  it('given an environment that only seems well for longer than ten deliveries, makes no dead letter of a healthy message', async () => {
    await send('healthy');
    let tries = 0;
    const stored: string[] = [];
    const consumer = consume((batch) => {
      tries++;
      if (tries <= 12) return batch.map(() => tryAgain('disk full'));
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    // Each wait would double up to seconds; the back-off itself is not what is looked at here.
    Object.defineProperty(consumer, 'pauseMs', { get: () => 10, set: () => undefined });
    await eventually(() => expect(stored).toEqual(['healthy']), 30_000);
    expect(await broker.depth(DEAD_QUEUE)).toBe(0);
  });

  it('given an environment that says it is not fit, takes nothing at all', async () => {
    await send('waits');
    let isFit = false;
    let wasHandled = false;
    const consumer = consume(
      (batch) => {
        wasHandled = true;
        return batch.map(() => STORED);
      },
      {
        probe: async () => {
          if (!isFit) throw new Error('no table');
        },
      },
    );
    await eventually(() => expect(consumer.trouble()).toBe('no table'));
    expect(wasHandled).toBe(false);
    isFit = true;
    await eventually(() => expect(wasHandled).toBe(true));
  });

  it('given a message that the handler fails over, stores its neighbours and makes it a dead letter after ten tries', async () => {
    await send(...numbered(20), 'poison');
    const stored: string[] = [];
    consume((batch) => {
      if (textsOf(batch).includes('poison')) throw new Error('cannot make sense of it');
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    const dead = await eventually(async () => {
      const messages = await broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages[0]!;
    });
    expect(dead.content.toString()).toBe('poison');
    expect(dead.properties.headers!['x-error-got']).toContain('deliveries');
    expect([...new Set(stored)].sort()).toEqual(numbered(20).sort());
  });

  it('given messages that have seen three consumers die, tries each alone', async () => {
    await send(...numbered(5));
    for (let death = 0; death < 3; death++) await takeAndDie(broker);
    await send('fresh');
    const batches: string[][] = [];
    consume((batch) => {
      batches.push(textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(batches.flat()).toHaveLength(6));
    const withSuspects = batches.filter((batch) => batch.some((text) => text !== 'fresh'));
    expect(withSuspects.every((batch) => batch.length === 1)).toBe(true);
  });

  it('does not believe a delivery count that the sender wrote', async () => {
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', 'forged', {
      headers: { 'x-delivery-count': 99 },
    });
    const stored: string[] = [];
    consume((batch) => {
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(stored).toEqual(['forged']));
    expect(await broker.depth(DEAD_QUEUE)).toBe(0);
  });

  it('given a lost connection, comes back and loses nothing', async () => {
    const stored = new Set<string>();
    const consumer = consume((batch) => {
      textsOf(batch).forEach((text) => stored.add(text));
      return batch.map(() => STORED);
    });
    await send('before');
    await eventually(() => expect(stored.size).toBe(1));
    proxy.cut();
    await send('after');
    await eventually(() => expect([...stored]).toEqual(['before', 'after']));
    await eventually(() => expect(consumer.trouble()).toBeUndefined());
  });

  it('given a connection that went silent, notices by itself, comes back and loses nothing', async () => {
    const stored = new Set<string>();
    consume((batch) => {
      textsOf(batch).forEach((text) => stored.add(text));
      return batch.map(() => STORED);
    });
    await send('before');
    await eventually(() => expect(stored.size).toBe(1));
    proxy.hang();
    await send('after');
    await eventually(() => expect(connection.trouble()).toBeDefined(), 30_000);
    proxy.mend();
    await eventually(() => expect([...stored]).toEqual(['before', 'after']), 30_000);
  });

  it('given a queue that is taken away and comes back, notices though the connection lives', async () => {
    const stored: string[] = [];
    const consumer = consume((batch) => {
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(consumer.trouble()).toBeUndefined());
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `queues/${at}/${INGEST_QUEUE}`);
    await eventually(() => expect(consumer.trouble()).toBeDefined());
    const { applyTopology } = await import('./topology.js');
    await applyTopology(broker.amqpUrl);
    await send('again');
    await eventually(() => expect(stored).toEqual(['again']));
  });

  it('when it is stopped, finishes the batch in work and gives back the rest', async () => {
    await send('first');
    const stored: string[] = [];
    let release: () => void = () => undefined;
    const started = new Promise<void>((resolve) => {
      consume(async (batch) => {
        resolve();
        await new Promise<void>((go) => {
          release = go;
        });
        stored.push(...textsOf(batch));
        return batch.map(() => STORED);
      });
    });
    await started;
    await send('second');
    const stopped = consumers[0]!.stop();
    release();
    await stopped;
    expect(stored).toEqual(['first']);
    await eventually(async () => expect(await broker.depth(INGEST_QUEUE)).toBe(1));
  });

  it('given messages of 1 MiB, holds no more than fits its bound', async () => {
    const large = 'x'.repeat(1024 * 1024);
    await send(...Array.from({ length: 150 }, () => large));
    let done = 0;
    let heldMax = 0;
    consume(async (batch) => {
      const { total } = await unacknowledged(broker, INGEST_QUEUE);
      heldMax = Math.max(heldMax, total - (await broker.depth(INGEST_QUEUE)));
      done += batch.length;
      return batch.map(() => STORED);
    });
    await eventually(() => expect(done).toBe(150), 40_000);
    expect(heldMax).toBeLessThanOrEqual(64 + 8);
  });
});

function never(): never {
  throw new Error('cannot be');
}

function invalidOutcome(): Outcome {
  return invalid({ reason: 'no', path: 'body', expected: 'yes', got: 'no' });
}

/** Takes all that waits and dies without a word, as a killed process does. */
async function takeAndDie(broker: TestBroker): Promise<void> {
  const connection = await connect(broker.amqpUrl);
  const channel = await connection.createChannel();
  let count = 0;
  await channel.consume(INGEST_QUEUE, () => count++);
  await eventually(() => expect(count).toBe(5));
  await connection.close();
  await eventually(async () => expect(await broker.depth(INGEST_QUEUE)).toBe(5));
}

async function unacknowledged(broker: TestBroker, queue: string): Promise<{ total: number }> {
  const at = encodeURIComponent(broker.vhost);
  const { messages = 0 } = (await broker.api('GET', `queues/${at}/${queue}`)) as {
    messages?: number;
  };
  return { total: messages };
}
