import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { connect, type ChannelModel } from 'amqplib';
import { createHash } from 'node:crypto';
import { brokerUserName } from '../topology/broker-users.js';
import { underDeadLettersLock } from './lock.js';
import {
  DeadLetterSearchStopped,
  findDeadLetter,
  listDeadLetters,
  settleDeadLetters,
  type LetterSource,
} from './take-letters.js';

const DEAD = 'backup-awareness.dead';
const INGEST = 'backup-awareness.ingest';
const REPORT = 'ENGINE_BACKUP_COMPLETED.db';

let broker: TestBroker;
const connections: ChannelModel[] = [];

beforeEach(async () => {
  broker = await createTestBroker();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) await connection.close().catch(() => undefined);
  await broker.drop();
});

async function connectAs(url: string): Promise<ChannelModel> {
  const connection = await connect(url);
  connection.on('error', () => undefined);
  connections.push(connection);
  return connection;
}

/** An administrator, as the user `replay`. */
async function administrator(): Promise<LetterSource> {
  const userOf = (name: 'ingest' | 'audit' | 'replay') => brokerUserName(broker.vhost, name);
  return {
    connection: await connectAs(broker.urlOf('replay')),
    users: {
      services: { ingest: [userOf('ingest')], audit: [userOf('audit')] },
      replay: userOf('replay'),
    },
  };
}

/** Counts the requests for letters on channels that are opened from now on. */
function countRequests(connection: ChannelModel): () => number {
  let count = 0;
  const createChannel = connection.createChannel.bind(connection);
  connection.createChannel = async () => {
    const channel = await createChannel();
    for (const name of ['get', 'consume', 'cancel'] as const) {
      const request = channel[name].bind(channel) as (...fields: unknown[]) => unknown;
      Object.assign(channel, {
        [name]: (...fields: unknown[]) => ((count += 1), request(...fields)),
      });
    }
    return channel;
  };
  return () => count;
}

/** Publishes a dead letter as a service does. */
async function bury(
  body: string,
  headers: Record<string, unknown>,
  user: 'ingest' | 'audit' = 'ingest',
) {
  const connection = await connectAs(broker.urlOf(user));
  const channel = await connection.createConfirmChannel();
  const userId = brokerUserName(broker.vhost, user);
  channel.publish(DEAD, INGEST, Buffer.from(body), { headers, userId, messageId: `id of ${body}` });
  await channel.waitForConfirms();
  await connection.close();
}

const LETTER = {
  'x-dead-letter-id': '019ab0c5-0d1b-7c4e-8a21-5b9f3c0d7e42',
  'x-dead-at': '2026-11-23T03:00:00.000Z',
  'x-received-at': '2026-11-23T02:00:00.000Z',
  'x-error-reason': 'data.done_at: expected an instant, got "x"',
  'x-error-path': 'data.done_at',
  'x-error-expected': 'an instant',
  'x-error-got': '"x"',
  'x-original-exchange': 'ovirt.engine-backup',
  'x-original-routing-key': REPORT,
  'x-original-user-id': 'host-1',
};

const hashOf = (...parts: string[]) =>
  createHash('sha256').update(parts.join('')).digest('hex').slice(0, 32);

describe('a dead letter is listed', () => {
  it('from a service, with the details that the service recorded', async () => {
    await bury('body', LETTER);
    expect(await listDeadLetters(await administrator())).toEqual([
      {
        id: LETTER['x-dead-letter-id'],
        queue: 'ingest',
        reason: LETTER['x-error-reason'],
        path: 'data.done_at',
        expected: 'an instant',
        got: '"x"',
        receivedAt: LETTER['x-received-at'],
        deadAt: LETTER['x-dead-at'],
        exchange: 'ovirt.engine-backup',
        routingKey: REPORT,
        messageId: 'id of body',
        userId: 'host-1',
        bytes: 4,
      },
    ]);
  });

  it('of an earlier version, with an id that is computed from the message', async () => {
    const { 'x-dead-letter-id': _, ...headers } = LETTER;
    await bury('body', headers);
    const [letter] = await listDeadLetters(await administrator());
    expect(letter?.id).toBe(hashOf('ovirt.engine-backup', REPORT, 'id of body', 'body'));
  });

  it('for which no queue is bound, and its headers are not trusted', async () => {
    await broker.publish('ovirt.engine-backup', 'nobody.wants', 'body', {
      messageId: 'm',
      headers: { ...LETTER, 'x-death': [{ exchange: 'x', 'routing-keys': ['y'] }] },
    });
    expect(await listDeadLetters(await administrator())).toEqual([
      {
        ...{ queue: 'unrouted', reason: null, path: null, expected: null, got: null },
        id: hashOf('ovirt.engine-backup', 'nobody.wants', 'm', 'body'),
        ...{ receivedAt: null, deadAt: null, userId: null, messageId: 'm', bytes: 4 },
        ...{ exchange: 'ovirt.engine-backup', routingKey: 'nobody.wants' },
      },
    ]);
  });

  it('that the broker has made of an expired message, and its headers are not trusted', async () => {
    await broker.publish('ovirt.engine-backup', REPORT, 'late', {
      headers: LETTER,
      expiration: '1',
    });
    const source = await administrator();
    await eventually(async () => {
      const letters = await listDeadLetters(source);
      expect(letters.find(({ queue }) => queue === 'ingest')).toMatchObject({
        id: hashOf('ovirt.engine-backup', REPORT, '', 'late'),
        reason: 'dead-lettered by the broker: expired',
        receivedAt: null,
        deadAt: expect.stringMatching(/^20\d\d-/),
        exchange: 'ovirt.engine-backup',
        routingKey: REPORT,
        userId: null,
      });
    });
  });

  it.each<[string, () => Promise<void>]>([
    [
      'through the default exchange',
      () => broker.publish('', `${INGEST}.dead`, 'x', { headers: LETTER }),
    ],
    [
      'by a user other than the service',
      () => broker.publish(DEAD, INGEST, 'x', { headers: LETTER }),
    ],
    ['by the service of another queue', () => bury('x', LETTER, 'audit')],
  ])('that was published %s, and its headers are not trusted', async (_, publish) => {
    await publish();
    const [letter] = await listDeadLetters(await administrator());
    expect(letter).toMatchObject({ queue: 'ingest', reason: null, receivedAt: null });
    expect(letter?.userId).not.toBe('host-1');
    expect(letter?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('and stays in its queue, as does one that is shown', async () => {
    for (const body of ['1', '2', '3']) await bury(body, { ...LETTER, 'x-dead-letter-id': body });
    const source = await administrator();
    expect((await listDeadLetters(source)).map(({ id }) => id)).toEqual(['1', '2', '3']);
    expect((await findDeadLetter(source, '2'))?.message.content.toString()).toBe('2');
    expect(await findDeadLetter(source, '4')).toBeUndefined();
    await eventually(async () => expect(await broker.depth(`${INGEST}.dead`)).toBe(3));
    expect((await listDeadLetters(source)).map(({ id }) => id)).toEqual(['1', '2', '3']);
  });

  it('is looked for only so long as is wanted, and stays then, too', async () => {
    for (const body of ['1', '2', '3']) await bury(body, { ...LETTER, 'x-dead-letter-id': body });
    const source = await administrator();
    const held: number[] = [];
    const options = { withinMs: 0, onHeld: (ms: number) => held.push(ms) };
    await expect(findDeadLetter(source, '4', options)).rejects.toThrow(DeadLetterSearchStopped);
    expect(held).toEqual([expect.any(Number)]);
    await eventually(async () => expect(await broker.depth(`${INGEST}.dead`)).toBe(3));
    expect((await findDeadLetter(source, '3'))?.letter.id).toBe('3');
  });

  it('with far fewer requests than one for each', async () => {
    // Holding many for longer than the broker allows closes the channel.
    const channel = await (await connectAs(broker.urlOf('ingest'))).createConfirmChannel();
    for (let i = 0; i < 500; i++) channel.publish(DEAD, INGEST, Buffer.from(String(i)));
    await channel.waitForConfirms();
    const source = await administrator();
    const requests = countRequests(source.connection);
    expect(await listDeadLetters(source)).toHaveLength(500);
    expect(requests()).toBeGreaterThan(0);
    expect(requests()).toBeLessThan(100);
  });

  it('of each queue at most so many: many in one hide nothing in another', async () => {
    for (const body of ['1', '2', '3']) await bury(body, { ...LETTER, 'x-dead-letter-id': body });
    await broker.publish('ovirt.unrouted', 'x', 'x');
    await eventually(async () => expect(await broker.depth('ovirt.unrouted')).toBe(1));
    const letters = await listDeadLetters(await administrator(), 2);
    await broker.drain('ovirt.unrouted');
    expect(letters.map(({ queue }) => queue).toSorted()).toEqual(['ingest', 'ingest', 'unrouted']);
  });

  it('by age, whatever the order in the queue', async () => {
    const ages = ['2026-11-03', '2026-11-01', '2026-11-02'];
    for (const day of ages)
      await bury(day, { ...LETTER, 'x-dead-letter-id': day, 'x-dead-at': day });
    const letters = await listDeadLetters(await administrator());
    expect(letters.map(({ id }) => id)).toEqual(ages.toSorted());
  });
});

describe('while one administrator reads the dead letters', () => {
  it('another waits, and finds them all', async () => {
    for (const body of ['1', '2', '3']) await bury(body, LETTER);
    const [first, second] = [await administrator(), await administrator()];
    for (let round = 0; round < 3; round++) {
      const lists = await Promise.all([first, second].map((one) => listDeadLetters(one)));
      expect(lists.map(({ length }) => length)).toEqual([3, 3]);
      expect(await listDeadLetters(first)).toHaveLength(3);
    }
  });

  it('another fails with the reason after its time-out', async () => {
    const [first, second] = [await administrator(), await administrator()];
    await underDeadLettersLock(first.connection, async () => {
      const refused = underDeadLettersLock(second.connection, async () => 'got in', 10);
      await expect(refused).rejects.toThrow('another administrator is working');
    });
    expect(await underDeadLettersLock(second.connection, async () => 'got in', 10)).toBe('got in');
  });

  it('and is lost, another gets them', async () => {
    await bury('1', LETTER);
    const [first, second] = [await administrator(), await administrator()];
    const { connection } = first.connection as unknown as {
      connection: { stream: { destroy(error: Error): void } };
    };
    const lost = settleDeadLetters(
      first,
      () => true,
      async () => {
        connection.stream.destroy(new Error('lost'));
        await new Promise((resolve) => first.connection.once('close', resolve));
        return [];
      },
    );
    await expect(lost).rejects.toThrow();
    await eventually(async () => expect(await listDeadLetters(second)).toHaveLength(1));
  });
});

describe('letters are settled', () => {
  it('in chunks: those that are chosen and returned are removed, all others stay', async () => {
    const ids = [0, 1, 2, 3, 4].map((i) => `letter-${i}`);
    for (const id of ids) await bury(id, { ...LETTER, 'x-dead-letter-id': id });
    const source = await administrator();
    const seen: string[] = [];
    await settleDeadLetters(
      source,
      ({ id }) => id !== 'letter-1',
      async (chunk) => {
        seen.push(...chunk.map(({ letter }) => letter.id));
        return chunk.filter(({ letter }) => letter.id !== 'letter-3');
      },
    );
    expect(seen).toEqual(['letter-0', 'letter-2', 'letter-3', 'letter-4']);
    const left = await listDeadLetters(source);
    expect(left.map(({ id }) => id).toSorted()).toEqual(['letter-1', 'letter-3']);
  });

  it('and none of very many comes back', async () => {
    const channel = await (await connectAs(broker.urlOf('ingest'))).createConfirmChannel();
    const userId = brokerUserName(broker.vhost, 'ingest');
    for (let i = 0; i < 500; i++)
      channel.publish(DEAD, INGEST, Buffer.from(String(i)), { headers: LETTER, userId });
    await channel.waitForConfirms();
    const source = await administrator();
    let settled = 0;
    await settleDeadLetters(
      source,
      () => true,
      async (chunk) => {
        settled += chunk.length;
        return chunk;
      },
    );
    expect(settled).toBe(500);
    expect(await listDeadLetters(source)).toEqual([]);
  });

  it('never, if their handler fails', async () => {
    await bury('1', LETTER);
    const source = await administrator();
    const failing = settleDeadLetters(
      source,
      () => true,
      () => Promise.reject(new Error('no')),
    );
    await expect(failing).rejects.toThrow('no');
    expect(await listDeadLetters(source)).toHaveLength(1);
  });
});
