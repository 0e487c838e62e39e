import { randomUUID } from 'node:crypto';
import { AUDIT_QUEUE, MAX_MESSAGE_BYTES, type OutgoingEvent } from '@backup-awareness/contracts';
import { dataSourceFor, enqueue } from '@backup-awareness/database';
import { applyTopology, Publisher } from '@backup-awareness/messaging';
import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  eventually,
  type TcpProxy,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import type { DataSource } from 'typeorm';
import { OutboxRelay } from './outbox-relay.js';

describe('the relay', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let brokerProxy: TcpProxy;
  let publisher: Publisher;
  let dataSource: DataSource;
  let relay: OutboxRelay;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    database = await createTestDatabase();
    dataSource = await dataSourceFor(database.urls.checker).initialize();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
    await broker?.drop();
  });
  beforeEach(async () => {
    await database.owner.query('TRUNCATE outbox');
    await broker.drain(AUDIT_QUEUE);
    brokerProxy = await createTcpProxy(broker.amqpUrl);
    const url = brokerProxy.urlThrough(broker.urlOf('freshness-checker'));
    publisher = await Publisher.open(url, 'relay');
    relay = new OutboxRelay(dataSource, publisher);
    await eventually(() => expect(publisher.unreadyReason()).toBeUndefined());
  });
  afterEach(async () => {
    brokerProxy.mend();
    await relay.stop();
    await publisher.close();
    await brokerProxy.close();
  });

  function event(source: string, sequence = 1, fields: Partial<OutgoingEvent> = {}): OutgoingEvent {
    return {
      id: randomUUID(),
      name: 'BackupAlertRaised',
      exchange: 'ovirt.backup-alerts',
      routingKey: 'BackupAlertRaised.ENGINE_NO_FULL_BACKUP',
      source: `/ovirt/engines/${source}`,
      subject: 'ENGINE_NO_FULL_BACKUP',
      time: '2026-01-01T00:00:00.000Z',
      data: { sequence },
      ...fields,
    };
  }
  const put = (...events: OutgoingEvent[]) => enqueue(database.owner, events);
  const waiting = async (): Promise<{ attempts: number; is_set_aside: boolean; name: string }[]> =>
    database.owner.query(
      'SELECT name, attempts, set_aside_at IS NOT NULL AS is_set_aside FROM outbox ORDER BY id',
    );
  /** As the leader does with every tick. */
  async function kickUntil(condition: () => Promise<void> | void, withinMs?: number) {
    await eventually(async () => {
      relay.kick();
      await condition();
    }, withinMs);
  }
  const isEmpty = async () => expect(await waiting()).toEqual([]);
  async function published(): Promise<{ id: string; source: string; sequence: number }[]> {
    const messages = await broker.drain(AUDIT_QUEUE);
    return messages.map(({ content }) => {
      const { id, source, data } = JSON.parse(content.toString());
      return { id, source, sequence: data.sequence };
    });
  }
  /** An event that the broker will not take, and closes the channel over. */
  const impossible = (source: string) => event(source, 1, { exchange: 'ovirt.no-such-exchange' });

  it('publishes what waits, as the contract has it, and removes it', async () => {
    const raised = event('a.example.com');
    await put(raised);
    await kickUntil(isEmpty);
    const [message] = await broker.drain(AUDIT_QUEUE);
    expect(message!.properties).toMatchObject({
      contentType: 'application/cloudevents+json',
      deliveryMode: 2,
      messageId: raised.id,
      type: 'BackupAlertRaised',
      appId: 'freshness-checker',
      userId: `${broker.vhost}.freshness-checker`,
    });
    expect(message!.fields.routingKey).toBe(raised.routingKey);
    expect(JSON.parse(message!.content.toString())).toMatchObject({
      specversion: '1.0',
      id: raised.id,
      source: '/ovirt/engines/a.example.com',
      type: 'org.ovirt.BackupAlertRaised',
      subject: 'ENGINE_NO_FULL_BACKUP',
      data: { sequence: 1 },
    });
  });

  it('publishes a great many, and those of one source in their order', async () => {
    const sources = Array.from({ length: 30 }, (_, i) => `engine-${i}.example.com`);
    for (let sequence = 1; sequence <= 150; sequence++)
      await put(...sources.map((source) => event(source, sequence)));
    await kickUntil(isEmpty, 30_000);
    const all = await published();
    expect(all).toHaveLength(30 * 150);
    for (const source of sources) {
      const ofSource = all.filter((one) => one.source === `/ovirt/engines/${source}`);
      expect(ofSource.map(({ sequence }) => sequence)).toEqual(ofSource.map((_, i) => i + 1));
    }
  });

  it('sets aside an event that the broker refuses ten times, and lets it block nobody', async () => {
    const healthy = Array.from({ length: 200 }, (_, i) => event(`engine-${i}.example.com`));
    await put(...healthy.slice(0, 100), impossible('bad.example.com'), ...healthy.slice(100));
    const others: string[] = [];
    await kickUntil(async () => {
      others.push(...(await published()).map(({ id }) => id));
      expect(new Set(others).size).toBe(200);
    });
    await kickUntil(
      async () =>
        expect(await waiting()).toEqual([
          { name: 'BackupAlertRaised', attempts: 10, is_set_aside: true },
        ]),
      40_000,
    );
    expect(new Set(others)).toEqual(new Set(healthy.map(({ id }) => id)));
  });

  it('keeps what comes after it from the same source in order', async () => {
    await put(impossible('bad.example.com'));
    for (let sequence = 2; sequence <= 5; sequence++) await put(event('bad.example.com', sequence));
    const sequences: number[] = [];
    await kickUntil(async () => {
      sequences.push(...(await published()).map(({ sequence }) => sequence));
      expect(sequences).toEqual([2, 3, 4, 5]);
    }, 40_000);
    expect(await waiting()).toEqual([
      { name: 'BackupAlertRaised', attempts: 10, is_set_aside: true },
    ]);
  });

  it('while an exchange of ours is missing counts no try, lets others through, and publishes once it is there', async () => {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `exchanges/${at}/ovirt.backup-alerts`);
    await put(
      event('a.example.com'),
      event('b.example.com', 1, { exchange: 'ovirt.backup-administration', routingKey: 'X' }),
    );
    await kickUntil(async () => expect(await waiting()).toHaveLength(1));
    const until = performance.now() + 4_000;
    await kickUntil(() => expect(performance.now()).toBeGreaterThan(until));
    expect(await waiting()).toMatchObject([{ attempts: 0, is_set_aside: false }]);
    // What is sent between the declaration of an exchange and that of its bindings is kept in ovirt.unrouted.
    await relay.stop();
    await applyTopology(broker.amqpUrl);
    relay = new OutboxRelay(dataSource, publisher);
    await kickUntil(isEmpty);
    expect((await published()).map(({ source }) => source)).toEqual([
      '/ovirt/engines/b.example.com',
      '/ovirt/engines/a.example.com',
    ]);
  });

  const healthy = (count: number) =>
    Array.from({ length: count }, (_, i) =>
      event(`healthy-${i}.example.com`, 1, {
        exchange: 'ovirt.backup-administration',
        routingKey: 'X',
      }),
    );
  async function untilPublished(count: number) {
    const ids = new Set<string>();
    await kickUntil(async () => {
      for (const { id, source } of await published()) if (source.includes('healthy')) ids.add(id);
      expect(ids.size).toBe(count);
    }, 40_000);
  }

  it.each<[phrase: string, sourceOf: (i: number) => string]>([
    ['of as many sources', (i) => `stuck-${i}.example.com`],
    ['of one source', () => 'stuck.example.com'],
  ])(
    '2,500 events %s, whose exchange is missing, starve no others',
    async (_, sourceOf) => {
      const at = encodeURIComponent(broker.vhost);
      await broker.api('DELETE', `exchanges/${at}/ovirt.backup-alerts`);
      await put(...Array.from({ length: 2_500 }, (_, i) => event(sourceOf(i), i + 1)));
      await put(...healthy(300));
      await untilPublished(300);
      expect(await waiting()).toHaveLength(2_500);
      expect((await waiting()).filter(({ attempts }) => attempts > 0)).toEqual([]);
      await applyTopology(broker.amqpUrl);
      await kickUntil(async () => expect((await waiting()).length).toBeLessThan(2_500), 60_000);
    },
    180_000,
  );

  it('2,500 events for an exchange that is none of ours starve no others', async () => {
    await put(...Array.from({ length: 2_500 }, (_, i) => impossible(`bad-${i}.example.com`)));
    await put(...healthy(100));
    await untilPublished(100);
  }, 60_000);

  it('waits for an exchange with what comes after it from the same source', async () => {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `exchanges/${at}/ovirt.backup-alerts`);
    await put(event('healthy-0.example.com'), ...healthy(1));
    await put(...Array.from({ length: 2_000 }, (_, i) => event(`stuck-${i}.example.com`)));
    await put(event('healthy-1.example.com', 1, { exchange: 'ovirt.backup-administration' }));
    await untilPublished(1);
    expect(await waiting()).toHaveLength(2_002);
    await applyTopology(broker.amqpUrl);
    await kickUntil(isEmpty, 60_000);
  }, 120_000);

  it('an event that the broker closes the channel over does not slow the others to a crawl', async () => {
    await put(...healthy(500));
    await put(event('large.example.com', 1, { data: { text: 'x'.repeat(MAX_MESSAGE_BYTES) } }));
    await put(
      ...healthy(1_000).map((one) => ({ ...one, id: randomUUID(), source: `${one.source}-b` })),
    );
    await untilPublished(1_500);
    await kickUntil(
      async () => expect(await waiting()).toMatchObject([{ attempts: 10, is_set_aside: true }]),
      60_000,
    );
  }, 120_000);

  it.each(['refuse', 'hang'] as const)(
    'with a broker that is away (%s) counts no try, and publishes everything in order later',
    async (how) => {
      await put(...[1, 2, 3].map((sequence) => event('a.example.com', sequence)));
      brokerProxy[how]();
      const until = performance.now() + 7_000;
      await kickUntil(() => expect(performance.now()).toBeGreaterThan(until));
      expect(await waiting()).toMatchObject([{ attempts: 0 }, { attempts: 0 }, { attempts: 0 }]);
      brokerProxy.mend();
      await kickUntil(isEmpty, 30_000);
      // What was confirmed while nobody could hear it comes a second time, under the same id.
      const sequences = (await published()).map(({ sequence }) => sequence);
      expect(firstsOf(sequences)).toEqual([1, 2, 3]);
    },
    60_000,
  );

  it('publishes again, under the same id, what was confirmed and could not be removed', async () => {
    const raised = event('a.example.com');
    await put(raised);
    const role = `"${decodeURIComponent(new URL(database.urls.checker).username)}"`;
    await database.owner.query(`REVOKE DELETE ON outbox FROM ${role}`);
    try {
      await kickUntil(async () => expect(await broker.depth(AUDIT_QUEUE)).toBeGreaterThan(0));
    } finally {
      await database.owner.query(`GRANT DELETE ON outbox TO ${role}`);
    }
    await kickUntil(isEmpty);
    const ids = (await published()).map(({ id }) => id);
    expect(ids.length).toBeGreaterThan(1);
    expect(new Set(ids)).toEqual(new Set([raised.id]));
    expect(await waiting()).toEqual([]);
  });

  it('stops in the middle, and leaves the rest for the next', async () => {
    for (let sequence = 1; sequence <= 300; sequence++) await put(event('a.example.com', sequence));
    relay.kick();
    await eventually(async () => expect((await waiting()).length).toBeLessThan(300));
    await relay.stop();
    const left = (await waiting()).length;
    expect(left).toBeGreaterThan(0);
    expect(await published()).toHaveLength(300 - left);
    relay = new OutboxRelay(dataSource, publisher);
    await kickUntil(isEmpty);
    expect((await published())[0]!.sequence).toBe(300 - left + 1);
  });
});

function firstsOf(sequences: readonly number[]): number[] {
  return sequences.filter((sequence, i) => sequences.indexOf(sequence) === i);
}
