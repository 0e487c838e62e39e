import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually, type TestBroker } from '@backup-awareness/testing';
import { STORED } from './delivery.js';
import { textsOf, useConsumers } from './spec/use-consumers.js';

describe('a batch consumer recovers', () => {
  const world = useConsumers();
  const { consume, send } = world;

  it('given a lost connection, reconnects and loses nothing', async () => {
    const stored = new Set<string>();
    const consumer = consume((batch) => {
      textsOf(batch).forEach((text) => stored.add(text));
      return batch.map(() => STORED);
    });
    await send('before');
    await eventually(() => expect(stored.size).toBe(1));
    world.proxy.cut();
    await send('after');
    await eventually(() => expect([...stored]).toEqual(['before', 'after']));
    await eventually(() => expect(consumer.unreadyReason()).toBeUndefined());
  });

  it('given a connection that went silent, notices, reconnects and loses nothing', async () => {
    const stored = new Set<string>();
    consume((batch) => {
      textsOf(batch).forEach((text) => stored.add(text));
      return batch.map(() => STORED);
    });
    await send('before');
    await eventually(() => expect(stored.size).toBe(1));
    world.proxy.hang();
    await send('after');
    await eventually(() => expect(world.connection.unreadyReason()).toBeDefined(), 30_000);
    world.proxy.mend();
    await eventually(() => expect([...stored]).toEqual(['before', 'after']), 30_000);
  });

  it('given a queue that is deleted and declared again, notices although the connection lives', async () => {
    const stored: string[] = [];
    const consumer = consume((batch) => {
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(consumer.unreadyReason()).toBeUndefined());
    const at = encodeURIComponent(world.broker.vhost);
    await world.broker.api('DELETE', `queues/${at}/${INGEST_QUEUE}`);
    await eventually(() => expect(consumer.unreadyReason()).toBeDefined());
    const { applyTopology } = await import('./topology.js');
    await applyTopology(world.broker.amqpUrl);
    await send('again');
    await eventually(() => expect(stored).toEqual(['again']));
  });

  it('when it is stopped, finishes the batch in work and requeues the rest', async () => {
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
    const stopped = world.consumers[0]!.stop();
    release();
    await stopped;
    expect(stored).toEqual(['first']);
    await eventually(async () => expect(await world.broker.depth(INGEST_QUEUE)).toBe(1));
  });

  it('given messages of 1 MiB, holds no more than its limit', async () => {
    const large = 'x'.repeat(1024 * 1024);
    await send(...Array.from({ length: 150 }, () => large));
    let done = 0;
    let heldMax = 0;
    consume(async (batch) => {
      const { total } = await unacknowledged(world.broker, INGEST_QUEUE);
      heldMax = Math.max(heldMax, total - (await world.broker.depth(INGEST_QUEUE)));
      done += batch.length;
      return batch.map(() => STORED);
    });
    await eventually(() => expect(done).toBe(150), 40_000);
    expect(heldMax).toBeLessThanOrEqual(64 + 8);
  });
});

async function unacknowledged(broker: TestBroker, queue: string): Promise<{ total: number }> {
  const at = encodeURIComponent(broker.vhost);
  const { messages = 0 } = (await broker.api('GET', `queues/${at}/${queue}`)) as {
    messages?: number;
  };
  return { total: messages };
}
