import { setTimeout as sleep } from 'node:timers/promises';
import { INGEST_QUEUE } from '@backup-awareness/contracts';
import { addEngine, dataSourceFor, setOption } from '@backup-awareness/database';
import { openBrokerConnection, Publisher } from '@backup-awareness/messaging';
import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  eventually,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import { Leader } from './leader.js';
import { OutboxRelay } from './outbox-relay.js';

const SOON_MS = 2_000;
const TAKE_OVER_WITHIN_MS = 5_000;

describe('a leader', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  const endings: (() => Promise<unknown>)[] = [];

  beforeAll(() => Logger.overrideLogger(false));
  beforeEach(async () => {
    broker = await createTestBroker();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
    await database.drop();
    await broker.drop();
  });

  /** A complete checker without its HTTP server, on networks that can fail. */
  async function checker() {
    const brokerProxy = await createTcpProxy(broker.amqpUrl);
    const databaseProxy = await createTcpProxy(database.ownerUrl);
    const url = brokerProxy.urlThrough(broker.urlOf('freshness-checker'));
    const connection = await openBrokerConnection(url, 'leader');
    const publisher = await Publisher.open(url, 'leader publisher');
    const dataSource = dataSourceFor(databaseProxy.urlThrough(database.urls.checker));
    const leader = new Leader(dataSource, new OutboxRelay(dataSource, publisher), connection);
    const stop = async () => {
      await leader.beforeApplicationShutdown();
      if (dataSource.isInitialized) await dataSource.destroy();
    };
    let stopping: Promise<void> | undefined;
    endings.push(async () => {
      brokerProxy.mend();
      databaseProxy.mend();
      await (stopping ??= stop());
      await Promise.all([publisher.close(), connection.close()]);
      await Promise.all([brokerProxy.close(), databaseProxy.close()]);
    });
    leader.onApplicationBootstrap();
    return { leader, connection, brokerProxy, databaseProxy, stop: () => (stopping ??= stop()) };
  }

  const monitored = (fqdn: string) =>
    database.owner.query('INSERT INTO engine (fqdn) VALUES ($1)', [fqdn]);
  const fullBackup = (fqdn: string) =>
    database.owner.query(
      `INSERT INTO engine_backup_log
         (fqdn, event_id, scope, done_at, is_passed, output_message, log_path, received_at, counted_at)
       SELECT $1, gen_random_uuid()::text, scope, now(), true, '', '', now(), now()
       FROM unnest('{db,files}'::text[]) AS scope`,
      [fqdn],
    );
  const active = async (): Promise<string[]> =>
    (
      await database.owner.query('SELECT fqdn FROM alert WHERE cleared_at IS NULL ORDER BY fqdn')
    ).map(({ fqdn }: { fqdn: string }) => fqdn);
  const lastCheckAt = async (): Promise<Date | null> =>
    (await database.owner.query('SELECT last_check_at FROM checker_state'))[0].last_check_at;
  const epoch = async (): Promise<number> =>
    Number((await database.owner.query('SELECT epoch FROM checker_lease'))[0].epoch);
  const isActive = (...fqdns: string[]) =>
    eventually(async () => expect(await active()).toEqual(fqdns));

  it('raises an alert, clears it soon after a backup, and publishes both', async () => {
    await monitored('a.example.com');
    await checker();
    await isActive('a.example.com');
    await fullBackup('a.example.com');
    await eventually(async () => expect(await active()).toEqual([]), SOON_MS);
    const names: string[] = [];
    await eventually(async () => {
      for (const { properties } of await broker.drain('backup-awareness.audit'))
        if (properties.type !== 'Heartbeat') names.push(properties.type as string);
      expect(names).toEqual(['BackupAlertRaised', 'BackupCheckCompleted', 'BackupAlertCleared']);
    });
  });

  it('applies a changed setting soon', async () => {
    await monitored('a.example.com');
    await checker();
    await isActive('a.example.com');
    const name = 'BackupCheckPeriodInHours';
    await setOption(database.owner, { name, value: '-1', who: 'root' });
    await eventually(async () => expect(await active()).toEqual([]), SOON_MS);
    await setOption(database.owner, { name, value: '6', who: 'root' });
    await eventually(async () => expect(await active()).toEqual(['a.example.com']), SOON_MS);
  });

  const publishedNames = async () =>
    (await broker.drain('backup-awareness.audit')).map(({ properties }) => properties.type);

  /** An event that causes no decision. */
  const administer = () =>
    setOption(database.owner, { name: 'EngineRegistrationMax', value: '5', who: 'root' });

  it('publishes an event of administration when it decides nothing', async () => {
    await checker();
    await eventually(async () => expect(await publishedNames()).toEqual(['BackupCheckCompleted']));
    await administer();
    await eventually(async () => expect(await publishedNames()).toEqual(['SettingChanged']));
  });

  it('publishes an event of administration while its ticks fail', async () => {
    const { leader } = await checker();
    await eventually(async () => expect(await publishedNames()).toEqual(['BackupCheckCompleted']));
    await database.owner.query('DELETE FROM checker_state');
    await eventually(() => expect(leader.unreadyReason()).toBeDefined());
    await administer();
    await eventually(async () => expect(await publishedNames()).toEqual(['SettingChanged']));
  });

  it('delays its first check until ingest has stored the backlog', async () => {
    await monitored('a.example.com');
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', '{}');
    const { leader } = await checker();
    await eventually(() => expect(leader.unreadyReason()).toBeUndefined());
    await sleep(3_000);
    expect(await lastCheckAt()).toBeNull();
    expect(await active()).toEqual([]);
    await addEngine(database.owner, { fqdn: 'b.example.com', who: 'root' });
    await isActive('b.example.com');
    expect(await broker.drain(INGEST_QUEUE)).toHaveLength(1);
    await isActive('a.example.com', 'b.example.com');
  });

  it('keeps deciding while the broker hangs, and publishes everything once it recovers', async () => {
    await monitored('a.example.com');
    const { brokerProxy } = await checker();
    await isActive('a.example.com');
    brokerProxy.hang();
    await fullBackup('a.example.com');
    await eventually(async () => expect(await active()).toEqual([]), SOON_MS);
    await addEngine(database.owner, { fqdn: 'b.example.com', who: 'root' });
    await eventually(async () => expect(await active()).toEqual(['b.example.com']), SOON_MS);
    brokerProxy.mend();
    await eventually(
      async () => expect(await database.owner.query('SELECT FROM outbox')).toEqual([]),
      30_000,
    );
  });

  it('delays its first check, but makes all other decisions, while the broker hangs', async () => {
    await monitored('a.example.com');
    const first = await checker();
    await isActive('a.example.com');
    await first.stop();
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', '{}');
    const second = await checker();
    await eventually(() => expect(second.leader.unreadyReason()).toBeUndefined());
    second.brokerProxy.hang();
    await sleep(1_000);
    await fullBackup('a.example.com');
    await eventually(async () => expect(await active()).toEqual([]), SOON_MS);
  });

  it('keeps deciding if the connection is lost while it reads the backlog', async () => {
    await broker.publish('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED', '{}');
    const { connection, brokerProxy } = await checker();
    const createChannel = connection.model.createChannel.bind(connection.model);
    let losses = 0;
    connection.model.createChannel = async () => {
      const channel = await createChannel();
      const close = channel.close.bind(channel);
      channel.close = () => {
        if (losses++ > 0) return close();
        // The broker was asked to close the channel and cannot answer.
        brokerProxy.hang();
        setTimeout(() => {
          brokerProxy.cut();
          brokerProxy.mend();
        }, 300);
        return close();
      };
      return channel;
    };
    await eventually(() => expect(losses).toBeGreaterThan(0));
    await addEngine(database.owner, { fqdn: 'a.example.com', who: 'root' });
    await isActive('a.example.com');
    await broker.drain(INGEST_QUEUE);
    await eventually(async () => expect(await lastCheckAt()).not.toBeNull());
  });

  it('that stops in order releases the lease to a standby at once', async () => {
    await monitored('a.example.com');
    const first = await checker();
    await isActive('a.example.com');
    const second = await checker();
    await eventually(() => expect(second.leader.unreadyReason()).toBeUndefined());
    const before = await epoch();
    await first.stop();
    await eventually(async () => expect(await epoch()).toBe(before + 1), 1_500);
  });

  it.each(['refuse', 'hang'] as const)(
    'that cannot reach the database (%s) is replaced, and is a standby when it can again',
    async (how) => {
      await monitored('a.example.com');
      const first = await checker();
      await isActive('a.example.com');
      const second = await checker();
      await eventually(() => expect(second.leader.unreadyReason()).toBeUndefined());
      const before = await epoch();
      first.databaseProxy[how]();
      await eventually(
        async () => expect(await epoch()).toBeGreaterThan(before),
        TAKE_OVER_WITHIN_MS,
      );
      await eventually(() => expect(first.leader.unreadyReason()).toBeDefined());
      await fullBackup('a.example.com');
      await eventually(async () => expect(await active()).toEqual([]), SOON_MS);
      first.databaseProxy.mend();
      await eventually(() => expect(first.leader.unreadyReason()).toBeUndefined());
      await sleep(1_000);
      expect(await epoch()).toBe(before + 1);
      const alerts = await database.owner.query('SELECT sequence, cleared_sequence FROM alert');
      expect(alerts).toEqual([{ sequence: '1', cleared_sequence: '2' }]);
    },
  );
});
