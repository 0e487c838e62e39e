import { PROBES } from '@backup-awareness/contracts';
import {
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { connect, type Channel } from 'amqplib';
import { BatchConsumer } from './batch-consumer.js';
import { openBrokerConnection, type BrokerConnection } from './broker-connection.js';
import { brokerUserName } from './broker-users.js';
import { STORED, type Delivery } from './delivery.js';
import { PassageWatch } from './passage-watch.js';
import { Publisher } from './publisher.js';
import { applyTopology } from './topology.js';

const QUEUE = 'backup-awareness.ingest';
const EVERY_MS = 300;

describe('the passage watch', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let connection: BrokerConnection;
  let publisher: Publisher;
  let watch: PassageWatch;
  let consumer: BatchConsumer;
  let reports: Delivery[];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());

  beforeEach(async () => {
    await database.owner.query('DELETE FROM queue_passage');
    broker = await createTestBroker();
    const url = broker.urlOf('ingest');
    connection = await openBrokerConnection(url, 'spec');
    publisher = await Publisher.open(url, 'spec publisher');
    reports = [];
    watch = new PassageWatch({
      queue: QUEUE,
      url,
      connection,
      publisher: { publish: (message) => publisher.publish(message) },
      passages: database.passages,
      unreadyReason: () =>
        connection.unreadyReason() ?? publisher.unreadyReason() ?? consumer.unreadyReason(),
      everyMs: EVERY_MS,
    });
    consumer = newConsumer();
    consumer.start();
    watch.onApplicationBootstrap();
  });

  afterEach(async () => {
    watch.beforeApplicationShutdown();
    await consumer.stop();
    await Promise.all([connection.close(), publisher.close()]);
    await broker.drop();
  });

  function newConsumer(): BatchConsumer {
    return new BatchConsumer({
      queue: QUEUE,
      connection,
      publisher,
      tries: database.messageTries,
      probe: async () => undefined,
      handle: (batch) =>
        watch.handle(batch, async (rest) => {
          reports.push(...rest);
          return rest.map(() => STORED);
        }),
    });
  }

  const isProven = () => eventually(() => expect(watch.unreadyReason()).toBeUndefined(), 20_000);
  const isLost = (reason: RegExp) =>
    eventually(() => expect(watch.unreadyReason()).toMatch(reason), 20_000);

  it('is not ready until the first probes have arrived, and keeps nothing of them', async () => {
    expect(watch.unreadyReason()).toBe(`it is not proven yet that reports reach ${QUEUE}`);
    await isProven();
    expect(reports).toEqual([]);
    expect(await broker.depth(`${QUEUE}.dead`)).toBe(0);
  });

  it.each(['ENGINE_BACKUP_STARTED.#', 'ENGINE_BACKUP_COMPLETED.#', 'ENGINE_BACKUP_FAILED.#'])(
    'names the binding %s while it is missing, and notices when it is back',
    async (key) => {
      await isProven();
      await onChannel(broker, (it) => it.unbindQueue(QUEUE, 'ovirt.engine-backup', key));
      await isLost(
        new RegExp(
          `^reports published with ${key.replace('.', '\\.')} do not reach backup-awareness\\.ingest \\(binding missing\\? backup-awareness topology apply\\)$`,
        ),
      );
      await applyTopology(broker.amqpUrl);
      await isProven();
    },
  );

  it('notices an exchange of another type', async () => {
    await isProven();
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `exchanges/${at}/ovirt.engine-backup`);
    await broker.api('PUT', `exchanges/${at}/ovirt.engine-backup`, { type: 'direct' });
    await onChannel(broker, (it) =>
      it.bindQueue(QUEUE, 'ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.#'),
    );
    await isLost(/ENGINE_BACKUP_COMPLETED\.# do not reach|cannot publish ENGINE_BACKUP_COMPLETED/);
    await broker.api('DELETE', `exchanges/${at}/ovirt.engine-backup`);
    await applyTopology(broker.amqpUrl);
    await isProven();
  });

  it('says so when it may not send probes, as with the permissions of an older version', async () => {
    await isProven();
    const at = encodeURIComponent(broker.vhost);
    const user = encodeURIComponent(brokerUserName(broker.vhost, 'ingest'));
    await broker.api('PUT', `topic-permissions/${at}/${user}`, {
      exchange: 'ovirt.engine-backup',
      write: '^$',
      read: '^$',
    });
    // The broker caches the permissions of a channel.
    await publisher.close();
    publisher = await Publisher.open(broker.urlOf('ingest'), 'spec publisher');
    await isLost(/^cannot publish ENGINE_BACKUP_STARTED\..* to ovirt\.engine-backup: .*access/i);
    await broker.applyAll();
    await isProven();
  });

  it('keeps the last verdict while there is a backlog', async () => {
    await isProven();
    await consumer.stop();
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db', 'waits');
    await new Promise((resolve) => setTimeout(resolve, 5 * EVERY_MS));
    expect(watch.unreadyReason()).toBeUndefined();
    consumer = newConsumer();
    consumer.start();
    await eventually(() => expect(reports.map(({ body }) => String(body))).toEqual(['waits']));
    await isProven();
  });

  it('treats a probe of another sender as an ordinary report', async () => {
    await isProven();
    const { routingKey } = PROBES[0]!;
    await broker.publish('ovirt.engine-backup', routingKey, 'forged');
    await broker.publish('ovirt.engine-backup', routingKey, 'named', {
      userId: decodeURIComponent(new URL(broker.amqpUrl).username),
    });
    await broker.publish('', QUEUE, 'past the exchange');
    await eventually(() => expect(reports).toHaveLength(3));
  });
});

async function onChannel(
  { amqpUrl }: TestBroker,
  work: (channel: Channel) => Promise<unknown>,
): Promise<void> {
  const connection = await connect(amqpUrl);
  await work(await connection.createChannel());
  await connection.close();
}
