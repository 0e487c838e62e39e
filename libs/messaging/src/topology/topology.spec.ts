import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { connect, type Channel } from 'amqplib';
import type { BrokerUser } from './broker-users.js';
import { applyTopology, missingTopology } from './topology.js';

describe('the topology', () => {
  let broker: TestBroker;

  beforeAll(async () => {
    broker = await createTestBroker();
  });

  afterAll(() => broker.drop());

  it('is complete, and declaring it again changes nothing', async () => {
    await applyTopology(broker.amqpUrl);
    const connection = await connect(broker.amqpUrl);
    expect(await missingTopology(connection)).toEqual([]);
    await connection.close();
  });

  it('lists what is missing by name', async () => {
    const connection = await connect(broker.urlOf('freshness-checker'));
    const names = { exchanges: ['ovirt.backup-alerts', 'no.exchange'], queues: ['no.queue'] };
    expect(await missingTopology(connection, names)).toEqual([
      'exchange no.exchange',
      'queue no.queue',
    ]);
    await connection.close();
  });

  it('keeps a message that no binding matches', async () => {
    await broker.publish('ovirt.engine-backup', 'SOMETHING_ELSE', 'kept');
    const [kept] = await broker.drain('ovirt.unrouted');
    expect(kept!.content.toString()).toBe('kept');
  });

  it('refuses a queue that exists with other properties, and says so', async () => {
    const other = await createTestBroker();
    const at = encodeURIComponent(other.vhost);
    await other.api('DELETE', `queues/${at}/${INGEST_QUEUE}`);
    await other.api('PUT', `queues/${at}/${INGEST_QUEUE}`, { durable: true });
    await expect(applyTopology(other.amqpUrl)).rejects.toThrow(/cannot declare the topology.*x-/s);
    await other.drop();
  });

  it('bounds a subscriber’s queue by policy', async () => {
    const connection = await connect(broker.amqpUrl);
    const channel = await connection.createChannel();
    await channel.assertQueue('subscriber.spec', {
      durable: true,
      arguments: { 'x-queue-type': 'quorum' },
    });
    await channel.bindQueue('subscriber.spec', 'ovirt.backup-alerts', '#');
    await connection.close();
    const mebibyte = Buffer.alloc(1024 * 1024);
    for (let i = 0; i < 70; i++) await broker.publish('ovirt.backup-alerts', 'X', mebibyte);
    await eventually(async () =>
      expect(await broker.depth('subscriber.spec')).toBeLessThanOrEqual(64),
    );
  });
});

type Act = (channel: Channel) => Promise<unknown>;

const publishing =
  (exchange: string, key = 'x'): Act =>
  async (channel) => {
    channel.publish(exchange, key, Buffer.from('x'));
    // The broker refuses a publish by closing the channel; the next request waits for that.
    await channel.checkQueue(INGEST_QUEUE);
  };
const consuming =
  (queue: string): Act =>
  (channel) =>
    channel.consume(queue, () => undefined);
const declaring: Act = (channel) => channel.assertQueue('mine', { durable: true });
const locking: Act = (channel) =>
  channel.assertQueue('backup-awareness.dead-letters-lock', { exclusive: true, durable: false });
const deleting: Act = (channel) => channel.deleteQueue(INGEST_QUEUE);
const purging: Act = (channel) => channel.purgeQueue('backup-awareness.audit');
const binding: Act = (channel) => channel.bindQueue(INGEST_QUEUE, 'ovirt.backup-alerts', '#');

const bindingItsOwn =
  (exchange: string): Act =>
  async (channel) => {
    const { queue } = await channel.assertQueue('console-events.spec', { exclusive: true });
    await channel.bindQueue(queue, exchange, '#');
    await channel.consume(queue, () => undefined, { noAck: true });
    await channel.deleteQueue(queue);
  };

describe('a service’s broker user', () => {
  let broker: TestBroker;

  beforeAll(async () => {
    broker = await createTestBroker();
  });

  afterAll(() => broker.drop());

  const may: [BrokerUser, string, Act][] = [
    ['ingest', 'consume reports', consuming('backup-awareness.ingest')],
    [
      'ingest',
      'publish dead letters',
      publishing('backup-awareness.dead', 'backup-awareness.ingest'),
    ],
    ['ingest-settings', 'consume settings requests', consuming('backup-awareness.settings')],
    ['ingest-settings', 'reply through the default exchange', publishing('')],
    ['freshness-checker', 'publish alerts', publishing('ovirt.backup-alerts')],
    [
      'freshness-checker',
      'publish events of administration',
      publishing('ovirt.backup-administration'),
    ],
    [
      'freshness-checker',
      'ask how many reports wait',
      (channel) => channel.checkQueue(INGEST_QUEUE),
    ],
    ['audit', 'consume events', consuming('backup-awareness.audit')],
    [
      'audit',
      'publish dead letters',
      publishing('backup-awareness.dead', 'backup-awareness.audit'),
    ],
    ...['backup-awareness.ingest.dead', 'backup-awareness.audit.dead', 'ovirt.unrouted'].map(
      (queue): [BrokerUser, string, Act] => ['replay', `consume from ${queue}`, consuming(queue)],
    ),
    ['replay', 'lock the dead letters', locking],
    ['console', 'lock the dead letters', locking],
    ...['backup-awareness.ingest.dead', 'backup-awareness.audit.dead', 'ovirt.unrouted'].map(
      (queue): [BrokerUser, string, Act] => ['console', `consume from ${queue}`, consuming(queue)],
    ),
    ...['ovirt.engine-backup', 'ovirt.backup-alerts', 'ovirt.backup-administration'].map(
      (exchange): [BrokerUser, string, Act] => [
        'console',
        `bind a queue of its own to ${exchange}`,
        bindingItsOwn(exchange),
      ],
    ),
  ];

  it.each(['ovirt.engine-backup', 'ovirt.backup-alerts', 'ovirt.backup-administration'])(
    'replay may publish to %s',
    async (exchange) => {
      await expect(as('replay', publishing(exchange))).resolves.toBeUndefined();
    },
  );

  it.each(may)('%s may %s', async (user, _, act) => {
    await expect(as(user, act)).resolves.toBeUndefined();
  });

  const mayNot: [BrokerUser, string, Act][] = (
    ['ingest', 'ingest-settings', 'freshness-checker', 'audit'] as const
  ).flatMap((user): [BrokerUser, string, Act][] => [
    [user, 'declare a queue', declaring],
    [user, 'delete a queue', deleting],
    [
      user,
      'purge another’s queue',
      user === 'audit' ? (it) => it.purgeQueue(INGEST_QUEUE) : purging,
    ],
    [user, 'bind a queue', binding],
    [user, 'report a backup', publishing('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db')],
    [user, 'publish to the exchange for unrouted messages', publishing('ovirt.unrouted')],
    [user, 'consume dead letters', consuming('backup-awareness.ingest.dead')],
    [user, 'consume unrouted messages', consuming('ovirt.unrouted')],
    ...(user === 'freshness-checker'
      ? [[user, 'consume reports', consuming(INGEST_QUEUE)] as [BrokerUser, string, Act]]
      : [
          [user, 'publish an alert', publishing('ovirt.backup-alerts')] as [
            BrokerUser,
            string,
            Act,
          ],
          [user, 'publish events of administration', publishing('ovirt.backup-administration')] as [
            BrokerUser,
            string,
            Act,
          ],
        ]),
    ...(user === 'ingest-settings'
      ? []
      : [
          [user, 'publish to a queue by its name', publishing('', INGEST_QUEUE)] as [
            BrokerUser,
            string,
            Act,
          ],
        ]),
  ]);
  mayNot.push(
    ['replay', 'declare a queue', declaring],
    ['replay', 'bind a queue', binding],
    ['replay', 'publish to a queue by its name', publishing('', INGEST_QUEUE)],
    ['replay', 'publish a dead letter', publishing('backup-awareness.dead', INGEST_QUEUE)],
    ['replay', 'publish to the exchange for unrouted messages', publishing('ovirt.unrouted')],
    ['replay', 'consume reports', consuming(INGEST_QUEUE)],
    [
      'replay',
      'delete the queue of dead letters',
      (it) => it.deleteQueue('backup-awareness.ingest.dead'),
    ],
    ['console', 'declare another queue', declaring],
    ['console', 'delete a queue', deleting],
    ['console', 'bind a queue of others', binding],
    ['console', 'consume reports', consuming(INGEST_QUEUE)],
    ['console', 'purge reports', (it) => it.purgeQueue(INGEST_QUEUE)],
    ['console', 'read alerts of a subscriber', consuming('subscriber.x')],
    [
      'console',
      'delete the queue of dead letters',
      (it) => it.deleteQueue('backup-awareness.ingest.dead'),
    ],
    ...[
      'ovirt.engine-backup',
      'ovirt.backup-alerts',
      'ovirt.backup-administration',
      'backup-awareness.dead',
      '',
    ].map((exchange): [BrokerUser, string, Act] => [
      'console',
      `publish to ${exchange || 'the default exchange'}`,
      publishing(exchange, INGEST_QUEUE),
    ]),
    ['monitor', 'consume dead letters', consuming('backup-awareness.ingest.dead')],
    ['monitor', 'lock the dead letters', locking],
    ['ingest', 'lock the dead letters', locking],
  );

  it.each(mayNot)('%s may not %s', async (user, _, act) => {
    await expect(as(user, act)).rejects.toThrow(/ACCESS_REFUSED|403|Channel closed/i);
  });

  it.each(['ingest', 'ingest-settings', 'freshness-checker', 'audit'] as const)(
    '%s may not publish as another user',
    async (user) => {
      await expect(
        as(user, async (channel) => {
          channel.publish('backup-awareness.dead', 'x', Buffer.from('x'), { userId: 'admin' });
          await channel.checkQueue(INGEST_QUEUE);
        }),
      ).rejects.toThrow();
    },
  );

  async function as(user: BrokerUser, act: Act): Promise<void> {
    const connection = await connect(broker.urlOf(user));
    connection.on('error', () => undefined);
    let refusal: Error | undefined;
    try {
      const channel = await connection.createChannel();
      channel.on('error', (error) => {
        refusal = error;
      });
      await act(channel);
    } catch (error) {
      throw refusal ?? error;
    } finally {
      await connection.close().catch(() => undefined);
    }
    if (refusal) throw refusal;
  }
});
