import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { openBrokerConnection, type BrokerConnection } from '@backup-awareness/messaging';
import {
  createTcpProxy,
  createTestBroker,
  eventually,
  type TestBroker,
} from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import { Backlog, type BacklogLimits } from './backlog.js';

const LONG_MS = 600_000;
const SHORT_MS = 1_500;
const WHILE_MS = 4_000;

describe('the wait for the backlog', () => {
  let broker: TestBroker;
  const endings: (() => unknown)[] = [];

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    broker = await createTestBroker();
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', '{}');
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
    await broker.drop();
  });

  async function connect(url = broker.amqpUrl): Promise<BrokerConnection> {
    const connection = await openBrokerConnection(url, 'backlog');
    endings.push(() => connection.close());
    return connection;
  }

  function watch(connection: BrokerConnection, limits: BacklogLimits): Backlog {
    const backlog = new Backlog(connection, limits);
    const stopping = new AbortController();
    const watching = backlog.watch(stopping.signal);
    endings.push(() => {
      stopping.abort();
      return watching;
    });
    return backlog;
  }

  /** An ingest that consumes a message and does not finish it. */
  async function consume(): Promise<void> {
    const channel = await (await connect()).model.createChannel();
    await channel.prefetch(1);
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', '{}');
    await channel.consume(INGEST_QUEUE, () => undefined);
  }

  it('has no time limit yet while nobody consumes the queue', async () => {
    const backlog = watch(await connect(), { consumingMs: SHORT_MS, totalMs: LONG_MS });
    await sleep(WHILE_MS);
    expect(backlog.isOver()).toBe(false);
    await consume();
    await eventually(() => expect(backlog.isOver()).toBe(true));
  });

  it('has no time limit yet while the broker does not answer', async () => {
    const proxy = await createTcpProxy(broker.amqpUrl);
    endings.push(() => proxy.close());
    const connection = await connect(proxy.urlThrough(broker.amqpUrl));
    await consume();
    proxy.hang();
    endings.push(() => proxy.mend());
    const backlog = watch(connection, { consumingMs: SHORT_MS, totalMs: LONG_MS });
    await sleep(WHILE_MS);
    expect(backlog.isOver()).toBe(false);
    proxy.cut();
    proxy.mend();
    await eventually(() => expect(backlog.isOver()).toBe(true), 30_000);
  });

  it('continues while ingest works', async () => {
    const backlog = watch(await connect(), { consumingMs: LONG_MS, totalMs: LONG_MS });
    await consume();
    await sleep(WHILE_MS);
    expect(backlog.isOver()).toBe(false);
  });

  it('ends after its total time even without ingest', async () => {
    const backlog = watch(await connect(), { consumingMs: LONG_MS, totalMs: SHORT_MS });
    await eventually(() => expect(backlog.isOver()).toBe(true));
  });

  it('ends as soon as the queue is empty, even without ingest', async () => {
    const backlog = watch(await connect(), { consumingMs: LONG_MS, totalMs: LONG_MS });
    await broker.drain(INGEST_QUEUE);
    await eventually(() => expect(backlog.isOver()).toBe(true));
  });
});
