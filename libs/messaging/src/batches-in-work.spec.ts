import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import { BATCH } from './consumption.js';
import { STORED, tryAgain, type Delivery } from './delivery.js';
import { numbered, textsOf, useConsumers } from './spec/use-consumers.js';

const FULL = BATCH.messages;

/** A batch in somebody's hands, until he lets it go. */
interface Held {
  readonly batch: readonly Delivery[];
  letGo(): void;
}

describe('under a backlog', () => {
  const held: Held[] = [];
  let isOver = false;
  // Before the consumers are stopped, which waits for what is in work.
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

  it('a second batch that is full is worked beside the first, no third, and none is settled before the one before it', async () => {
    await send(...numbered(5 * FULL));
    consume(
      async (batch) => {
        // With the first message alone the consumer opens.
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

  it('nothing behind a batch that the environment fails is settled: all of it comes again, and is lost by nobody', async () => {
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
