import { SETTINGS_QUEUE } from '@backup-awareness/contracts';
import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { Logger } from '@nestjs/common';
import { openBrokerConnection, type BrokerConnection } from '../connection/broker-connection.js';
import { Publisher } from './publisher.js';
import { ReplyTransport } from './reply-transport.js';

describe('a request', () => {
  let broker: TestBroker;
  let answering: BrokerConnection;
  let transport: ReplyTransport;
  let publisher: Publisher;

  beforeAll(async () => {
    Logger.overrideLogger(false);
    broker = await createTestBroker();
    answering = await openBrokerConnection(broker.urlOf('ingest-settings'), 'spec answering');
    transport = new ReplyTransport(answering);
    transport.addHandler(SETTINGS_QUEUE, async () => 'answered');
    publisher = await Publisher.open(broker.urlOf('ingest'), 'spec asking');
    await eventually(() => expect(publisher.unreadyReason()).toBeUndefined());
  });
  afterAll(async () => {
    await publisher.close();
    transport.close();
    await answering.close();
    await broker.drop();
  });

  const ask = async (routingKey: string, withinMs = 500) => {
    const exchange = 'ovirt.engine-backup';
    const body = Buffer.from('{}');
    return (await publisher.ask({ exchange, routingKey, body, withinMs })).toString();
  };

  it('of ingest to itself is refused while nobody answers, and answered once somebody does', async () => {
    await expect(ask('BACKUP_SETTINGS_REQUESTED')).rejects.toThrow('no answer within 0.5 s');
    transport.listen(() => undefined);
    await eventually(async () => expect(await ask('BACKUP_SETTINGS_REQUESTED')).toBe('"answered"'));
  });

  it('with the key of a report is refused by the broker, and the next one is answered', async () => {
    await expect(ask('ENGINE_BACKUP_COMPLETED.db', 5_000)).rejects.toThrow('ACCESS_REFUSED');
    expect(await ask('BACKUP_SETTINGS_REQUESTED', 5_000)).toBe('"answered"');
  });
});
