import { INGEST_QUEUE, refuse } from '@backup-awareness/contracts';
import { eventually, type TestBroker } from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { DUPLICATE, invalid, STORED, tryAgain, type Outcome } from './delivery.js';
import { numbered, textsOf, useConsumers } from './spec/use-consumers.js';

const DEAD_QUEUE = `${INGEST_QUEUE}.dead`;

describe('a batch consumer', () => {
  const world = useConsumers();
  const { consume, send } = world;

  it('given waiting messages, handles them in batches and acknowledges what is stored', async () => {
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
    await world.consumers[0]!.stop();
    expect(await world.broker.depth(INGEST_QUEUE)).toBe(0);
  });

  it('given an invalid message, makes it a dead letter as it came, with the reason, and stores its neighbours', async () => {
    await send('good');
    await world.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED.db', 'bad', {
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
      const messages = await world.broker.drain(DEAD_QUEUE);
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
    await eventually(async () => expect(await world.broker.depth(INGEST_QUEUE)).toBe(0));
  });

  it('given a message whose headers fill a frame, still makes it a dead letter', async () => {
    await world.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', 'bad', {
      headers: { large: 'x'.repeat(50_000) },
    });
    consume((batch) => batch.map(() => invalidOutcome()));
    const [dead] = await eventually(async () => {
      const messages = await world.broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages;
    });
    expect(dead!.properties.headers!['x-headers-left-out']).toContain('1 headers');
  });

  it('given a message whose headers cannot be encoded again, makes it a dead letter without them', async () => {
    const at = encodeURIComponent(world.broker.vhost);
    await world.broker.api('POST', `exchanges/${at}/ovirt.engine-backup/publish`, {
      properties: { delivery_mode: 2, headers: { trap: { '!': 'bogus', value: 1 } } },
      routing_key: 'ENGINE_BACKUP_STARTED',
      payload: 'bad',
      payload_encoding: 'string',
    });
    consume((batch) => batch.map(() => invalidOutcome()));
    const dead = await eventually(async () => {
      const messages = await world.broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages[0]!;
    });
    expect(dead.content.toString()).toBe('bad');
    expect(dead.properties.headers).toMatchObject({
      'x-error-path': 'body',
      'x-properties-left-out': expect.stringContaining('bogus'),
    });
  });

  it('given a fault of the environment, holds nothing, and stores everything once it is fixed', async () => {
    await send(...numbered(50));
    let isWell = false;
    const stored: string[] = [];
    const consumer = consume((batch) => {
      if (!isWell) return batch.map(() => tryAgain('disk full'));
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(consumer.unreadyReason()).toBe('disk full'));
    await eventually(async () => expect(await world.broker.depth(INGEST_QUEUE)).toBe(50));
    isWell = true;
    await eventually(() => expect(stored).toHaveLength(50));
    expect(consumer.unreadyReason()).toBeUndefined();
  });

  it('given an environment that only seems fit for more than ten deliveries, makes no dead letter of a valid message', async () => {
    await send('healthy');
    let tries = 0;
    const stored: string[] = [];
    const consumer = consume((batch) => {
      tries++;
      if (tries <= 12) return batch.map(() => tryAgain('disk full'));
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    // The back-off, which grows to seconds, is not under test.
    Object.defineProperty(consumer, 'pauseMs', { get: () => 10, set: () => undefined });
    await eventually(() => expect(stored).toEqual(['healthy']), 30_000);
    expect(await world.broker.depth(DEAD_QUEUE)).toBe(0);
  });

  it('given a probe that fails, consumes nothing', async () => {
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
    await eventually(() => expect(consumer.unreadyReason()).toBe('no table'));
    expect(wasHandled).toBe(false);
    isFit = true;
    await eventually(() => expect(wasHandled).toBe(true));
  });

  it('given a message that makes the handler fail, stores its neighbours and makes it a dead letter after ten tries', async () => {
    await send(...numbered(20), 'poison');
    const stored: string[] = [];
    consume((batch) => {
      if (textsOf(batch).includes('poison')) throw new Error('cannot make sense of it');
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    const dead = await eventually(async () => {
      const messages = await world.broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages[0]!;
    });
    expect(dead.content.toString()).toBe('poison');
    expect(dead.properties.headers!['x-error-got']).toContain('10 failed tries');
    expect([...new Set(stored)].sort()).toEqual(numbered(20).sort());
  });

  it('given messages whose consumers died three times, tries each alone', async () => {
    await send(...numbered(5));
    for (let death = 0; death < 3; death++) await takeAndDie(world.broker);
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

  it('ignores a delivery count set by the sender', async () => {
    await world.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', 'forged', {
      headers: { 'x-delivery-count': 99 },
    });
    const stored: string[] = [];
    consume((batch) => {
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(stored).toEqual(['forged']));
    expect(await world.broker.depth(DEAD_QUEUE)).toBe(0);
  });
});

function never(): never {
  throw new Error('cannot be');
}

function invalidOutcome(): Outcome {
  return invalid({ reason: 'no', path: 'body', expected: 'yes', got: 'no' });
}

/** Consumes all that waits and disconnects, as a killed process does. */
async function takeAndDie(broker: TestBroker): Promise<void> {
  const connection = await connect(broker.amqpUrl);
  const channel = await connection.createChannel();
  let count = 0;
  await channel.consume(INGEST_QUEUE, () => count++);
  await eventually(() => expect(count).toBe(5));
  await connection.close();
  await eventually(async () => expect(await broker.depth(INGEST_QUEUE)).toBe(5));
}
