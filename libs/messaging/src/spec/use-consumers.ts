import { INGEST_QUEUE } from '@backup-awareness/contracts';
import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  type TcpProxy,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { BatchConsumer, type BatchConsumerOptions } from '../batch-consumer.js';
import { openBrokerConnection, type BrokerConnection } from '../broker-connection.js';
import type { Delivery, Outcome } from '../delivery.js';
import { Publisher } from '../publisher.js';

export interface ConsumerWorld {
  readonly broker: TestBroker;
  /** Where tries are counted; shared by the tests of the file. */
  readonly database: TestDatabase;
  /** Between the consumers' connection and the broker. */
  readonly proxy: TcpProxy;
  readonly connection: BrokerConnection;
  /** The consumers that the test has started. */
  readonly consumers: readonly BatchConsumer[];
  /** Starts a consumer of ingest's queue. */
  consume(
    handle: (batch: readonly Delivery[]) => Outcome[] | Promise<Outcome[]>,
    options?: Partial<BatchConsumerOptions>,
  ): BatchConsumer;
  send(...texts: string[]): Promise<void>;
}

/** A broker, and consumers whose connection to it goes through a proxy: new for each test of the file. */
export function useConsumers(): ConsumerWorld {
  let broker: TestBroker;
  let database: TestDatabase;
  let proxy: TcpProxy;
  let connection: BrokerConnection;
  let publisher: Publisher;
  const consumers: BatchConsumer[] = [];

  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database?.drop());
  beforeEach(async () => {
    await database.owner.query('TRUNCATE message_try');
    broker = await createTestBroker();
    proxy = await createTcpProxy(broker.amqpUrl);
    connection = await openBrokerConnection(proxy.urlThrough(broker.urlOf('ingest')), 'consumer');
    publisher = await Publisher.open(broker.urlOf('ingest'), 'publisher');
  });
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
    await publisher.close();
    await connection.close();
    await proxy.close();
    await broker.drop();
  });

  return {
    get broker() {
      return broker;
    },
    get database() {
      return database;
    },
    get proxy() {
      return proxy;
    },
    get connection() {
      return connection;
    },
    consumers,
    consume: (handle, options) => {
      const consumer = new BatchConsumer({
        queue: INGEST_QUEUE,
        connection,
        publisher,
        probe: async () => undefined,
        tries: database.messageTries,
        handle: async (batch) => handle(batch),
        ...options,
      });
      consumers.push(consumer);
      consumer.start();
      return consumer;
    },
    send: async (...texts) => {
      await Promise.all(
        texts.map((text) => broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', text)),
      );
    },
  };
}

export function textsOf(batch: readonly Delivery[]): string[] {
  return batch.map(({ body }) => Buffer.from(body).toString());
}

export function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `message ${i}`);
}
