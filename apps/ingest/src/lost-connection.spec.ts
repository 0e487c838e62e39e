import { BatchTransport, CONSUMING, type BrokerConnection } from '@backup-awareness/messaging';
import {
  createTcpProxy,
  createTestBroker,
  createTestDatabase,
  eventually,
  type TcpProxy,
  type TestBroker,
  type TestDatabase,
} from '@backup-awareness/testing';
import { Logger, type INestApplication } from '@nestjs/common';
import { startIngest } from './spec/start-ingest.js';

const QUEUE = 'backup-awareness.ingest';

describe('ingest, given a lost connection to the broker', () => {
  let broker: TestBroker;
  let database: TestDatabase;
  let brokerProxy: TcpProxy;
  let app: INestApplication;

  beforeEach(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    database = await createTestDatabase();
    brokerProxy = await createTcpProxy(broker.amqpUrl);
    const amqpUrl = brokerProxy.urlThrough(broker.urlOf('ingest'));
    app = await startIngest({ broker, database, amqpUrl });
    await eventually(() => expect(transport().unreadyReason()).toBeUndefined());
  });
  afterEach(async () => {
    brokerProxy.mend();
    await app.close();
    await brokerProxy.close();
    await database.drop();
    await broker.drop();
  });

  const transport = () => app.get(BatchTransport, { strict: false });
  const send = (messageId: string) =>
    broker.publish(
      'ovirt.engine-backup',
      'ENGINE_BACKUP_COMPLETED.db',
      {
        scope: 'db',
        done_at: '2026-11-23T01:10:42Z',
        status: 1,
        output_message: '',
        fqdn: 'engine.example.com',
        log_path: '',
      },
      { messageId },
    );
  const stored = async (): Promise<string[]> =>
    (await database.owner.query('SELECT event_id FROM engine_backup_log ORDER BY 1')).map(
      (row: { event_id: string }) => row.event_id,
    );
  const insertsFail = () =>
    database.owner.query(
      `CREATE FUNCTION fails() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF EXISTS (SELECT FROM added WHERE fqdn NOT LIKE '%.invalid') THEN
           RAISE EXCEPTION 'disk full' USING ERRCODE = 'disk_full';
         END IF;
         RETURN NULL;
       END $$;
       CREATE TRIGGER fails AFTER INSERT ON engine_backup_log REFERENCING NEW TABLE AS added
       FOR EACH STATEMENT EXECUTE FUNCTION fails()`,
    );

  it('between batches, continues on the next connection', async () => {
    await send('before');
    await eventually(async () => expect(await stored()).toEqual(['before']));
    brokerProxy.cut();
    await send('later');
    await eventually(async () => expect(await stored()).toEqual(['before', 'later']));
  });

  it('while it requeues what it could not store, continues on the next connection', async () => {
    const { model } = app.get<BrokerConnection>(CONSUMING, { strict: false });
    const createChannel = model.createChannel.bind(model);
    let losses = 0;
    model.createChannel = async () => {
      const channel = await createChannel();
      const close = channel.close.bind(channel);
      const consume = channel.consume.bind(channel);
      let isConsumers = false;
      channel.consume = (...all) => {
        isConsumers = true;
        return consume(...all);
      };
      channel.close = () => {
        if (!isConsumers || losses++ > 0) return close();
        // The broker was asked to close the channel, but cannot answer any more.
        brokerProxy.hang();
        setTimeout(() => {
          brokerProxy.cut();
          brokerProxy.mend();
        }, 300);
        return close();
      };
      return channel;
    };
    await insertsFail();
    brokerProxy.cut();
    await send('one');
    await eventually(() => expect(losses).toBeGreaterThan(0));
    await database.owner.query('DROP FUNCTION fails CASCADE');
    await eventually(async () => expect(await stored()).toEqual(['one']));
    expect(transport().unreadyReason()).toBeUndefined();
    expect(await broker.depth(QUEUE)).toBe(0);
  });
});
