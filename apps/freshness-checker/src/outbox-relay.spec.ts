import { randomUUID } from 'node:crypto';
import {
  AUDIT_QUEUE,
  heartbeat,
  heartbeatExample,
  INCARNATION_EXCHANGE,
  MAX_MESSAGE_BYTES,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import { dataSourceFor, enqueue, readIncarnation } from '@backup-awareness/database';
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

describe('the outbox relay', () => {
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
  const pending = async (): Promise<{ attempts: number; is_set_aside: boolean; name: string }[]> =>
    database.owner.query(
      'SELECT name, attempts, set_aside_at IS NOT NULL AS is_set_aside FROM outbox ORDER BY id',
    );
  /** Kicks the relay, as the leader does in every tick. */
  async function kickUntil(condition: () => Promise<void> | void, withinMs?: number) {
    await eventually(async () => {
      relay.kick();
      await condition();
    }, withinMs);
  }
  const isEmpty = async () => expect(await pending()).toEqual([]);
  async function published(): Promise<{ id: string; source: string; sequence: number }[]> {
    const messages = await broker.drain(AUDIT_QUEUE);
    return messages.map(({ content }) => {
      const { id, source, data } = JSON.parse(content.toString());
      return { id, source, sequence: data.sequence };
    });
  }
  /** An event that the broker refuses by closing the channel. */
  const impossible = (source: string) => event(source, 1, { exchange: 'ovirt.no-such-exchange' });

  it('notes when a heartbeat was written that the broker has confirmed, and not before', async () => {
    const relayedAt = async () => {
      const [row] = await database.owner.query('SELECT relayed_at FROM heartbeat');
      return (row.relayed_at as Date | null)?.toISOString();
    };
    brokerProxy.refuse();
    await put(heartbeat(heartbeatExample));
    relay.kick();
    await eventually(() => expect(publisher.unreadyReason()).toBeDefined());
    expect(await relayedAt()).toBeUndefined();
    brokerProxy.mend();
    await kickUntil(isEmpty, 20_000);
    await eventually(async () => expect(await relayedAt()).toBe(heartbeatExample.to));
  });

  it('publishes pending events as the contract specifies, and deletes them', async () => {
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

  it('publishes many events, those of one source in order', async () => {
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

  it('sets aside an event that the broker refuses ten times, and publishes all others', async () => {
    const healthy = Array.from({ length: 200 }, (_, i) => event(`engine-${i}.example.com`));
    await put(...healthy.slice(0, 100), impossible('bad.example.com'), ...healthy.slice(100));
    const others: string[] = [];
    await kickUntil(async () => {
      others.push(...(await published()).map(({ id }) => id));
      expect(new Set(others).size).toBe(200);
    });
    await kickUntil(
      async () =>
        expect(await pending()).toEqual([
          { name: 'BackupAlertRaised', attempts: 10, is_set_aside: true },
        ]),
      40_000,
    );
    expect(new Set(others)).toEqual(new Set(healthy.map(({ id }) => id)));
  });

  it('publishes the later events of its source in order', async () => {
    await put(impossible('bad.example.com'));
    for (let sequence = 2; sequence <= 5; sequence++) await put(event('bad.example.com', sequence));
    const sequences: number[] = [];
    await kickUntil(async () => {
      sequences.push(...(await published()).map(({ sequence }) => sequence));
      expect(sequences).toEqual([2, 3, 4, 5]);
    }, 40_000);
    expect(await pending()).toEqual([
      { name: 'BackupAlertRaised', attempts: 10, is_set_aside: true },
    ]);
  });

  it('counts no try while an exchange of ours is missing, publishes to others, and to that one once it exists', async () => {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `exchanges/${at}/ovirt.backup-alerts`);
    await put(
      event('a.example.com'),
      event('b.example.com', 1, { exchange: 'ovirt.backup-administration', routingKey: 'X' }),
    );
    await kickUntil(async () => expect(await pending()).toHaveLength(1));
    const until = performance.now() + 4_000;
    await kickUntil(() => expect(performance.now()).toBeGreaterThan(until));
    expect(await pending()).toMatchObject([{ attempts: 0, is_set_aside: false }]);
    // Events published between the declarations of an exchange and of its bindings would go to ovirt.unrouted.
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
    'publishes other events while 2,500 events %s have no exchange',
    async (_, sourceOf) => {
      const at = encodeURIComponent(broker.vhost);
      await broker.api('DELETE', `exchanges/${at}/ovirt.backup-alerts`);
      await put(...Array.from({ length: 2_500 }, (_, i) => event(sourceOf(i), i + 1)));
      await put(...healthy(300));
      await untilPublished(300);
      expect(await pending()).toHaveLength(2_500);
      expect((await pending()).filter(({ attempts }) => attempts > 0)).toEqual([]);
      await applyTopology(broker.amqpUrl);
      await kickUntil(async () => expect((await pending()).length).toBeLessThan(2_500), 60_000);
    },
    180_000,
  );

  it('publishes other events while there are 2,500 for an exchange that is not ours', async () => {
    await put(...Array.from({ length: 2_500 }, (_, i) => impossible(`bad-${i}.example.com`)));
    await put(...healthy(100));
    await untilPublished(100);
  }, 60_000);

  it('keeps the later events of a source behind one that waits for its exchange', async () => {
    const at = encodeURIComponent(broker.vhost);
    await broker.api('DELETE', `exchanges/${at}/ovirt.backup-alerts`);
    await put(event('healthy-0.example.com'), ...healthy(1));
    await put(...Array.from({ length: 2_000 }, (_, i) => event(`stuck-${i}.example.com`)));
    await put(event('healthy-1.example.com', 1, { exchange: 'ovirt.backup-administration' }));
    await untilPublished(1);
    expect(await pending()).toHaveLength(2_002);
    await applyTopology(broker.amqpUrl);
    await kickUntil(isEmpty, 60_000);
  }, 120_000);

  it('does not slow other events down because the broker closes the channel over one', async () => {
    await put(...healthy(500));
    await put(event('large.example.com', 1, { data: { text: 'x'.repeat(MAX_MESSAGE_BYTES) } }));
    await put(
      ...healthy(1_000).map((one) => ({ ...one, id: randomUUID(), source: `${one.source}-b` })),
    );
    await untilPublished(1_500);
    await kickUntil(
      async () => expect(await pending()).toMatchObject([{ attempts: 10, is_set_aside: true }]),
      60_000,
    );
  }, 120_000);

  it.each(['refuse', 'hang'] as const)(
    'counts no try while the broker is unreachable (%s), and publishes everything in order later',
    async (how) => {
      await put(...[1, 2, 3].map((sequence) => event('a.example.com', sequence)));
      brokerProxy[how]();
      const until = performance.now() + 7_000;
      await kickUntil(() => expect(performance.now()).toBeGreaterThan(until));
      expect(await pending()).toMatchObject([{ attempts: 0 }, { attempts: 0 }, { attempts: 0 }]);
      brokerProxy.mend();
      await kickUntil(isEmpty, 30_000);
      // An event whose confirm was lost is published a second time, under the same id.
      const sequences = (await published()).map(({ sequence }) => sequence);
      expect(firstsOf(sequences)).toEqual([1, 2, 3]);
    },
    60_000,
  );

  it('publishes an event again under the same id if it could not be deleted after the confirm', async () => {
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
    expect(await pending()).toEqual([]);
  });

  it.each([
    ['write to its exchange', { write: '^ovirt\\.', read: '.*' }],
    ['read its stream', { write: '.*', read: '^$' }],
  ])(
    'says why nothing is published and what helps while its user may not %s, until it may',
    async (_, rights) => {
      const at = encodeURIComponent(broker.vhost);
      const user = encodeURIComponent(`${broker.vhost}.freshness-checker`);
      await broker.api('PUT', `permissions/${at}/${user}`, { configure: '^$', ...rights });
      await put(event('a.example.com'));
      try {
        await kickUntil(() =>
          expect(relay.unreadyReason()).toMatch(
            /403.*backup-awareness\.incarnation.*topology apply --management-url URL/,
          ),
        );
        expect(await pending()).toHaveLength(1);
      } finally {
        await broker.applyAll();
      }
      await kickUntil(isEmpty, 30_000);
      expect(relay.unreadyReason()).toBeUndefined();
    },
    60_000,
  );

  it('is not held up once somebody else has published what it could not', async () => {
    brokerProxy.refuse();
    await put(event('a.example.com'));
    await kickUntil(() => expect(relay.unreadyReason()).toBeDefined(), 30_000);
    await database.owner.query('TRUNCATE outbox');
    await kickUntil(() => expect(relay.unreadyReason()).toBeUndefined());
  }, 60_000);

  it.each([
    'null',
    '{"generation":2147483647,"position":1}',
    '{"generation":1000000,"position":1}',
    '{"generation":1,"position":-1}',
  ])(
    'publishes although the stream of its marks has %s',
    async (mark) => {
      const { generation } = await readIncarnation(database.owner);
      await broker.publish(INCARNATION_EXCHANGE, '', mark);
      await put(event('a.example.com'));
      await kickUntil(isEmpty, 30_000);
      expect((await readIncarnation(database.owner)).generation).toBe(generation);
    },
    60_000,
  );

  it('can stop in the middle, and leaves the rest to the next relay', async () => {
    for (let sequence = 1; sequence <= 300; sequence++) await put(event('a.example.com', sequence));
    relay.kick();
    await eventually(async () => expect((await pending()).length).toBeLessThan(300));
    await relay.stop();
    const left = (await pending()).length;
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
