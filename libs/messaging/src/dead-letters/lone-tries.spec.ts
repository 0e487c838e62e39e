import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually } from '@backup-awareness/testing';
import { connect } from 'amqplib';
import { failed, STORED, tryAgain } from '../consuming/outcome.js';
import { textsOf, useConsumers } from '../spec/use-consumers.js';

const DEAD_QUEUE = `${INGEST_QUEUE}.dead`;
const MORE_THAN_TEN = 12;

describe('a message that is tried alone', () => {
  const world = useConsumers();
  const { consume, send } = world;

  /** Takes the message and disconnects: the broker counts a delivery, though no handler was called. */
  async function takeAndDie(): Promise<void> {
    const connection = await connect(world.broker.amqpUrl);
    const channel = await connection.createChannel();
    await eventually(async () => expect(await channel.get(INGEST_QUEUE)).toBeTruthy());
    await connection.close();
  }
  const countTries = async (): Promise<number[]> =>
    (await world.database.owner.query('SELECT tries FROM message_try')).map(
      ({ tries }: { tries: number }) => tries,
    );

  it('is not dead-lettered because of the broker’s delivery count', async () => {
    await send('healthy');
    for (let i = 0; i < MORE_THAN_TEN; i++) await takeAndDie();
    const stored: string[] = [];
    consume((batch) => {
      stored.push(...textsOf(batch));
      return batch.map(() => STORED);
    });
    await eventually(() => expect(stored).toEqual(['healthy']));
    expect(await world.broker.depth(DEAD_QUEUE)).toBe(0);
    await eventually(async () => expect(await countTries()).toEqual([]));
  });

  it('is not dead-lettered because of tries that failed due to the environment, whether the handler or only the probe reports it', async () => {
    await send('healthy');
    for (let i = 0; i < 3; i++) await takeAndDie();
    let tries = 0;
    let isFit = true;
    const stored: string[] = [];
    const consumer = consume(
      (batch) => {
        tries++;
        if (tries > 2 * MORE_THAN_TEN) {
          stored.push(...textsOf(batch));
          return batch.map(() => STORED);
        }
        if (tries % 2 === 0) return batch.map(() => tryAgain('lock timeout'));
        isFit = false;
        return batch.map(() => failed('internal error'));
      },
      {
        probe: async () => {
          const wasFit = isFit;
          isFit = true;
          if (!wasFit) throw new Error('disk full');
        },
      },
    );
    // The back-off is not under test.
    Object.defineProperty(consumer, 'pauseMs', { get: () => 10, set: () => undefined });
    await eventually(() => expect(stored).toEqual(['healthy']), 40_000);
    expect(await world.broker.depth(DEAD_QUEUE)).toBe(0);
    await eventually(async () => expect(await countTries()).toEqual([]));
  });

  it('becomes a dead letter after ten failures of unknown cause, counted across two consumers', async () => {
    await send('odd', 'good');
    const stored: string[] = [];
    let tries = 0;
    for (let replica = 0; replica < 2; replica++)
      consume((batch) => {
        if (batch.length === 1 && textsOf(batch)[0] === 'odd') tries++;
        return batch.map((_, i) => {
          const text = textsOf(batch)[i]!;
          if (text === 'odd') return failed('internal error');
          stored.push(text);
          return STORED;
        });
      });
    const [dead] = await eventually(async () => {
      const messages = await world.broker.drain(DEAD_QUEUE);
      expect(messages).toHaveLength(1);
      return messages;
    }, 40_000);
    expect(dead!.content.toString()).toBe('odd');
    expect(dead!.properties.headers!['x-error-reason']).toMatch(
      /^nobody could handle the message: .* 10 failed tries, one of which ended with: internal error$/,
    );
    expect(stored).toEqual(['good']);
    // Each delivery may first be tried with others, which does not count.
    expect(tries).toBeGreaterThanOrEqual(10);
    await eventually(async () => expect(await countTries()).toEqual([]));
  });
});
