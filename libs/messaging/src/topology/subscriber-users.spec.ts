import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { applyHostUser } from './host-users.js';
import { applySubscriberUser, removeSubscriberUser } from './subscriber-users.js';

let broker: TestBroker;
beforeAll(async () => {
  broker = await createTestBroker();
});
afterAll(async () => {
  // Users outlive virtual hosts; some have been removed already.
  for (const name of names)
    await broker?.api('DELETE', `users/subscriber.${name}`).catch(() => undefined);
  await broker?.drop();
});

const names: string[] = [];
function newName(): string {
  const name = `billing-${randomUUID()}`;
  names.push(name);
  return name;
}
const apply = (name: string, password = 'secret') =>
  applySubscriberUser(broker.managementUrl, broker.vhost, { name, password });

async function as<T>(name: string, password: string, act: (it: ChannelModel) => Promise<T>) {
  const url = new URL(broker.amqpUrl);
  url.username = `subscriber.${name}`;
  url.password = password;
  const connection = await connect(url.href);
  connection.on('error', () => undefined);
  try {
    return await act(connection);
  } finally {
    await connection.close().catch(() => undefined);
  }
}

/** Rejects with the broker's refusal, which ends the channel. */
async function onChannel(connection: ChannelModel, act: (channel: Channel) => unknown) {
  const channel = await connection.createChannel();
  const refused = new Promise<never>((_, reject) => channel.on('error', reject));
  refused.catch(() => undefined);
  const done = (async () => {
    await act(channel);
    // A publish without permission is refused before this is answered.
    await channel.checkExchange('ovirt.backup-alerts');
  })();
  done.catch(() => undefined);
  await Promise.race([refused, done.catch(() => refused)]);
}

describe("a subscriber's broker user", () => {
  const name = newName();
  const queue = `subscriber.${name}`;
  beforeAll(async () => {
    expect(await apply(name)).toEqual({ ok: true, value: 'made' });
  });

  it('can declare its queue, bind it to the alerts and read them', async () => {
    const got = await as(name, 'secret', async (connection) => {
      const channel = await connection.createChannel();
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
      await channel.bindQueue(queue, 'ovirt.backup-alerts', '#');
      const received = new Promise<string>((resolve) => {
        void channel.consume(queue, (it) => resolve(String(it?.content)), { noAck: true });
      });
      await broker.publish('ovirt.backup-alerts', 'BackupAlertRaised.X', Buffer.from('alert'));
      return received;
    });
    expect(got).toBe('alert');
  });

  it('can ask which alerts are active', async () => {
    await as(name, 'secret', (connection) =>
      onChannel(connection, (it) =>
        it.publish('ovirt.backup-alerts.requests', 'ACTIVE_ALERTS_REQUESTED', Buffer.alloc(0)),
      ),
    );
  });

  const publishing =
    (exchange: string, key = 'x', userId?: string) =>
    (it: Channel) =>
      it.publish(exchange, key, Buffer.from('x'), userId === undefined ? {} : { userId });
  it.each<[string, (channel: Channel) => unknown]>([
    ['publish an alert', publishing('ovirt.backup-alerts', 'BackupAlertCleared.X')],
    ['publish a report', publishing('ovirt.engine-backup', 'ENGINE_BACKUP_COMPLETED.db')],
    ['publish an event of administration', publishing('ovirt.backup-administration')],
    ['publish to a queue by its name', publishing('', 'backup-awareness.ingest')],
    [
      'ask as another user',
      publishing('ovirt.backup-alerts.requests', 'ACTIVE_ALERTS_REQUESTED', 'other'),
    ],
    ['consume reports', (it) => it.consume('backup-awareness.ingest', () => undefined)],
    ['fetch an event for the audit log', (it) => it.get('backup-awareness.audit')],
    ['consume requests', (it) => it.consume('backup-awareness.active-alerts', () => undefined)],
    ['bind its queue to the reports', (it) => it.bindQueue(queue, 'ovirt.engine-backup', '#')],
    [
      'bind a queue of ours',
      (it) => it.bindQueue('backup-awareness.audit', 'ovirt.backup-alerts', 'y'),
    ],
    ['declare the queue of another', (it) => it.assertQueue('subscriber.other')],
    ['delete the exchange', (it) => it.deleteExchange('ovirt.backup-alerts')],
  ])('cannot %s', async (_, act) => {
    await expect(as(name, 'secret', (it) => onChannel(it, act))).rejects.toThrow(
      /ACCESS_REFUSED|PRECONDITION_FAILED/,
    );
  });

  it('gets a new password when it is created again, and is gone once it is removed', async () => {
    expect(await apply(name, 'new secret')).toEqual({ ok: true, value: 'renewed' });
    await expect(as(name, 'secret', async () => undefined)).rejects.toThrow(/ACCESS/);
    await as(name, 'new secret', async () => undefined);
    const remove = () => removeSubscriberUser(broker.managementUrl, broker.vhost, name);
    expect(await remove()).toEqual({ ok: true, value: 'removed' });
    await expect(as(name, 'new secret', async () => undefined)).rejects.toThrow(/ACCESS/);
    expect(await remove()).toEqual({ ok: true, value: 'absent' });
  });
});

describe('refuses', () => {
  it.each(['', 'a b', '.x', 'a/b', 'ü', 'a'.repeat(65)])('the name %j', async (name) => {
    expect(await apply(name)).toMatchObject({
      ok: false,
      invalid: { expected: expect.stringContaining('1 to 64 letters, digits') },
    });
  });

  it('the name of a broker user that is none of a subscriber', async () => {
    const name = newName();
    await applyHostUser(broker.managementUrl, broker.vhost, {
      name: `subscriber.${name}`.slice(0, 64),
      password: 'secret',
    });
    expect(await apply(name)).toMatchObject({
      ok: false,
      invalid: { got: expect.stringContaining('did not create') },
    });
  });
});
