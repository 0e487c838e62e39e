import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import { BATCH } from './consumption.js';
import { STORED, tryAgain, type Delivery } from './delivery.js';
import { numbered, textsOf, useConsumers } from './spec/use-consumers.js';

const FULL = BATCH.messages;

/** A batch whose handler waits until it is let go. */
interface Held {
  readonly batch: readonly Delivery[];
  letGo(): void;
}

describe('under a backlog', () => {
  const held: Held[] = [];
  let isOver = false;
  // Before the consumers stop, since that waits for the batches in work.
  afterEach(() => {
    isOver = true;
    held.splice(0).forEach(({ letGo }) => letGo());
  });
  const hold = (batch: readonly Delivery[]) =>
    isOver ? Promise.resolve() : new Promise<void>((letGo) => held.push({ batch, letGo }));
  const world = useConsumers();
  const { consume, send } = world;
  const settled: number[] = [];
  beforeEach(() => {
    settled.length = 0;
    isOver = false;
  });
  const onSettled = (outcomes: readonly unknown[]) => settled.push(outcomes.length);

  it('a second full batch is handled beside the first, but no third, and they are settled in order', async () => {
    await send(...numbered(5 * FULL));
    consume(
      async (batch) => {
        // The first message comes alone: it opens the consumer.
        if (batch.length > 1) await hold(batch);
        return batch.map(() => STORED);
      },
      { onSettled },
    );
    await eventually(() => expect(held).toHaveLength(2));
    const [first, second] = held as [Held, Held];
    expect(second.batch).toHaveLength(FULL);
    await sleep(500);
    expect(held).toHaveLength(2);

    second.letGo();
    await sleep(500);
    expect(settled).toEqual([1]);
    first.letGo();
    await eventually(() => expect(settled).toEqual([1, first.batch.length, FULL]));
    await eventually(() => {
      held.splice(0).forEach(({ letGo }) => letGo());
      expect(settled.reduce((sum, count) => sum + count, 0)).toBe(5 * FULL);
    });
  });

  it('nothing behind a batch that the environment failed is settled: all of it is redelivered, and nothing is lost', async () => {
    await send(...numbered(3 * FULL));
    const seen = new Map<string, number>();
    let fails = true;
    consume(
      async (batch) => {
        for (const text of textsOf(batch)) seen.set(text, (seen.get(text) ?? 0) + 1);
        if (batch.length === 1 || !fails) return batch.map(() => STORED);
        const isFirst = held.length === 0;
        await hold(batch);
        return batch.map(() => (isFirst ? tryAgain('the disk is full') : STORED));
      },
      { onSettled },
    );
    await eventually(() => expect(held).toHaveLength(2));
    const [first, second] = held as [Held, Held];
    second.letGo();
    await sleep(200);
    fails = false;
    first.letGo();
    await eventually(() => expect(settled.reduce((sum, count) => sum + count, 0)).toBe(3 * FULL));
    for (const text of textsOf([...first.batch, ...second.batch])) expect(seen.get(text)).toBe(2);
    expect(seen.size).toBe(3 * FULL);
    await world.consumers[0]!.stop();
    expect(await world.broker.depth(INGEST_QUEUE)).toBe(0);
    expect(await world.broker.depth(`${INGEST_QUEUE}.dead`)).toBe(0);
  });
});
