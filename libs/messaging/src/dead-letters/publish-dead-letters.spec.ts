import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import { invalid } from '../consuming/outcome.js';
import { Publisher } from '../publishing/publisher.js';
import { useConsumers } from '../spec/use-consumers.js';

const DEAD_QUEUE = `${INGEST_QUEUE}.dead`;

describe('a dead letter because of which the broker closes the connection', () => {
  const world = useConsumers();

  it('is published without the sender’s headers and properties, and its neighbours unchanged', async () => {
    const url = new URL(world.broker.urlOf('ingest'));
    // So small that headers which can be encoded still exceed a frame (501).
    url.searchParams.set('frameMax', '4096');
    const publisher = await Publisher.open(url.href, 'small frames');
    const send = (text: string, large: number) =>
      world.broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', text, {
        headers: { large: 'x'.repeat(large) },
      });
    await send('neighbour', 10);
    await send('too large', 20_000);
    await send('neighbour', 10);
    const why = { reason: 'r'.repeat(2_000), path: 'p', expected: 'e', got: 'g'.repeat(2_000) };
    const consumer = world.consume((batch) => batch.map(() => invalid(why)), { publisher });
    const dead = new Map<string, Record<string, unknown>>();
    await eventually(async () => {
      for (const { content, properties } of await world.broker.drain(DEAD_QUEUE))
        dead.set(content.toString(), properties.headers as Record<string, unknown>);
      expect([...dead.keys()].sort()).toEqual(['neighbour', 'too large']);
      expect(await world.broker.depth(INGEST_QUEUE)).toBe(0);
    }, 40_000);
    expect(dead.get('neighbour')).toMatchObject({ large: 'x'.repeat(10) });
    expect(dead.get('too large')).toMatchObject({
      'x-properties-left-out': expect.stringContaining('the broker closed the connection'),
      'x-original-routing-key': 'ENGINE_BACKUP_STARTED',
    });
    await consumer.stop();
    await publisher.close();
  });
});
