import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { eventually, publishOnWire, shortText, type TestBroker } from '@backup-awareness/testing';
import { connect, type ChannelModel } from 'amqplib';
import { brokerUserName } from '../topology/broker-users.js';
import type { Delivery } from '../consuming/delivery.js';
import { invalid, STORED, type Outcome } from '../consuming/outcome.js';
import { useConsumers } from '../spec/use-consumers.js';
import { publishConfirmed } from '../publishing/publish-confirmed.js';
import { replayOf } from './replayed-message.js';
import { listDeadLetters, settleDeadLetters, type LetterSource } from './take-letters.js';

const world = useConsumers();
const WHY = { reason: 'r', path: 'p', expected: 'e', got: 'g' };
const REPORT = 'ENGINE_BACKUP_COMPLETED.db';

const connections: ChannelModel[] = [];
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close().catch(() => undefined);
});

async function connectAsReplay(broker: TestBroker): Promise<ChannelModel> {
  const connection = await connect(broker.urlOf('replay'));
  connection.on('error', () => undefined);
  connections.push(connection);
  return connection;
}

async function administrator(): Promise<LetterSource> {
  const userOf = (name: 'ingest' | 'audit' | 'replay') => brokerUserName(world.broker.vhost, name);
  return {
    connection: await connectAsReplay(world.broker),
    users: {
      services: { ingest: [userOf('ingest')], audit: [userOf('audit')] },
      replay: userOf('replay'),
    },
  };
}

/** Replays all letters. @returns why some could not be */
async function replayAll(source: LetterSource): Promise<string[]> {
  const publishing = await connectAsReplay(world.broker);
  const notReplayed: string[] = [];
  await settleDeadLetters(
    source,
    () => true,
    async (chunk) => {
      const judged = chunk.map((taken) => ({
        taken,
        replay: replayOf(taken.letter, taken.message),
      }));
      const going = judged.flatMap(({ taken, replay }) => {
        if (replay.isPossible) return [{ taken, message: replay.message }];
        notReplayed.push(replay.why);
        return [];
      });
      const messages = going.map(({ message }) => message);
      await publishConfirmed(publishing, source.users.replay, messages);
      return going.map(({ taken }) => taken);
    },
  );
  return notReplayed;
}

/** Consumes ingest's queue, and returns the outcome of each message. */
function ingest(outcomeOf: (delivery: Delivery) => Outcome): Delivery[] {
  const seen: Delivery[] = [];
  world.consume((batch) => {
    seen.push(...batch);
    return batch.map(outcomeOf);
  });
  return seen;
}

const letters = async (source: LetterSource, count: number) =>
  eventually(async () => {
    const all = await listDeadLetters(source);
    expect(all).toHaveLength(count);
    return all;
  });

describe('a replayed letter', () => {
  it('that is still invalid becomes the same letter again, with its first arrival and sender, and no second one', async () => {
    const source = await administrator();
    const seen = ingest(() => invalid(WHY));
    await world.broker.publish('ovirt.engine-backup', REPORT, 'body', {
      messageId: 'm',
      type: 'ENGINE_BACKUP_COMPLETED',
      headers: { mine: 'kept' },
      userId: 'backup-awareness',
    });
    const [first] = await letters(source, 1);
    for (let round = 2; round <= 3; round++) {
      expect(await replayAll(source)).toEqual([]);
      await eventually(() => expect(seen).toHaveLength(round));
      const [again] = await letters(source, 1);
      const { receivedAt = null } = again ?? {};
      expect(Date.parse(receivedAt ?? '')).toBe(Date.parse(first?.receivedAt ?? ''));
      expect({ ...again, deadAt: first?.deadAt, receivedAt: first?.receivedAt }).toEqual(first);
      expect(Date.parse(again?.deadAt ?? '')).toBeGreaterThan(Date.parse(first?.deadAt ?? ''));
    }
    expect(seen.at(-1)).toMatchObject({
      messageId: 'm',
      type: 'ENGINE_BACKUP_COMPLETED',
      userId: 'backup-awareness',
      firstReceivedAt: expect.stringContaining(first!.receivedAt!.slice(0, 19)),
      routingKey: REPORT,
      exchange: 'ovirt.engine-backup',
    });
    expect(seen.at(-1)?.headers['mine']).toBe('kept');
  });

  it('that is valid now is stored and removed', async () => {
    const source = await administrator();
    let outcome: Outcome = invalid(WHY);
    const seen = ingest(() => outcome);
    await world.send('body');
    await letters(source, 1);
    outcome = STORED;
    await replayAll(source);
    await eventually(() => expect(seen).toHaveLength(2));
    await letters(source, 0);
    await eventually(async () => expect(await world.broker.depth(INGEST_QUEUE)).toBe(0));
  });

  it('of a sender without a validated user stays without one', async () => {
    const source = await administrator();
    const seen = ingest(() => invalid(WHY));
    await world.send('body');
    await letters(source, 1);
    await replayAll(source);
    await eventually(() => expect(seen).toHaveLength(2));
    expect(seen[1]?.userId).toBeUndefined();
  });

  it('for which no queue is bound stays unrouted, with its id, and its sender’s headers are not trusted', async () => {
    const source = await administrator();
    await world.broker.publish('ovirt.engine-backup', 'nobody.wants', 'body', {
      headers: {
        'x-original-user-id': 'victim',
        'x-received-at': '2020-01-01T00:00:00Z',
        'x-replay-queue': 'x',
      },
      userId: 'backup-awareness',
    });
    const [first] = await letters(source, 1);
    await replayAll(source);
    await replayAll(source);
    const [again] = await letters(source, 1);
    expect(again).toEqual(first);
    expect(again).toMatchObject({ userId: 'backup-awareness', receivedAt: null });
  });

  it('is handled only by the service whose queue it was refused from', async () => {
    const source = await administrator();
    ingest(() => invalid(WHY));
    await world.send('body');
    await letters(source, 1);
    await replayAll(source);
    await letters(source, 1);
    const copies = await world.broker.drain('backup-awareness.audit');
    expect(copies.map(({ properties }) => properties.headers?.['x-replay-queue'])).toEqual([
      undefined,
      INGEST_QUEUE,
    ]);
  });
});

/** The broker accepts a message id of 255 bytes that is not UTF-8; read as text it has three times as many. */
async function publishHostile(broker: TestBroker): Promise<void> {
  const connection = await connect(broker.amqpUrl);
  connections.push(connection);
  await publishOnWire(await connection.createConfirmChannel(), {
    exchange: 'ovirt.engine-backup',
    routingKey: Buffer.from('nobody.wants'),
    properties: { messageId: shortText(Buffer.alloc(255, 0xff)) },
    body: Buffer.from('x'),
  });
}

describe('a letter that cannot be replayed stays where it is', () => {
  it.each<[string, (broker: TestBroker) => Promise<void>, string]>([
    [
      'since it was published directly to a queue',
      (broker) => broker.publish('', `${INGEST_QUEUE}.dead`, Buffer.from([0, 255]), {}),
      'unknown_exchange',
    ],
    [
      'since something in its headers cannot be written again',
      publishHostile,
      'headers_not_writable',
    ],
  ])('%s', async (_, publish, why) => {
    await publish(world.broker);
    const source = await administrator();
    expect(await replayAll(source)).toEqual([why]);
    await letters(source, 1);
  });

  it('since its sender’s headers were left out', async () => {
    const source = await administrator();
    ingest(() => invalid(WHY));
    await world.broker.publish('ovirt.engine-backup', REPORT, 'x', {
      headers: { large: 'x'.repeat(40_000) },
    });
    await letters(source, 1);
    expect(await replayAll(source)).toEqual(['not_as_it_came']);
    await letters(source, 1);
  });
});

it('only what the broker has confirmed is removed', async () => {
  const source = await administrator();
  const consumer = world.consume((batch) => batch.map(() => invalid(WHY)));
  await world.send('body');
  await letters(source, 1);
  await consumer.stop();
  const at = encodeURIComponent(world.broker.vhost);
  const { api } = world.broker;
  await api('DELETE', `exchanges/${at}/ovirt.engine-backup`);
  await expect(replayAll(source)).rejects.toThrow(/has not confirmed.*NOT_FOUND/);
  await letters(source, 1);
});
