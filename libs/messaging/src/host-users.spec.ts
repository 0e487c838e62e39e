import { createTestBroker, eventually, type TestBroker } from '@backup-awareness/testing';
import { connect, type Channel, type ChannelModel } from 'amqplib';
import { randomUUID } from 'node:crypto';
import { applyHostUser, removeHostUser } from './host-users.js';

let broker: TestBroker;
let other: TestBroker;
beforeAll(async () => {
  broker = await createTestBroker();
  other = await createTestBroker();
});
afterAll(async () => {
  // Some have been removed already.
  for (const name of made) await broker.api('DELETE', `users/${name}`).catch(() => undefined);
  await broker?.drop();
  await other?.drop();
});

/** Users are global to the broker, and outlive its virtual hosts. */
const made: string[] = [];
function newName(): string {
  const name = `host-${randomUUID()}`;
  made.push(name);
  return name;
}
const apply = (name: string, password = 'secret', { managementUrl, vhost } = broker) =>
  applyHostUser(managementUrl, vhost, { name, password });

async function as<T>(name: string, password: string, act: (it: ChannelModel) => Promise<T>) {
  const url = new URL(broker.amqpUrl);
  url.username = name;
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
const onChannel = (act: (channel: Channel) => unknown) => async (connection: ChannelModel) => {
  const channel = await connection.createChannel();
  const refused = new Promise<never>((_, reject) => channel.on('error', reject));
  refused.catch(() => undefined);
  const done = (async () => {
    await act(channel);
    // A publish without permission is refused before this is answered.
    await channel.checkExchange('ovirt.engine-backup');
  })();
  done.catch(() => undefined);
  await Promise.race([refused, done.catch(() => refused)]);
};

describe("a host's broker user", () => {
  const name = newName();
  beforeAll(async () => {
    expect(await apply(name)).toEqual({ ok: true, value: 'made' });
  });

  it('can report, under its own name', async () => {
    await as(
      name,
      'secret',
      onChannel((it) =>
        it.publish('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED.db', Buffer.from('{}'), {
          userId: name,
        }),
      ),
    );
    await eventually(async () => {
      const [message] = await broker.drain('backup-awareness.ingest');
      expect(message?.properties.userId).toBe(name);
    });
  });

  it('can request the settings and gets a reply', async () => {
    const answer = await as(name, 'secret', async (connection) => {
      const channel = await connection.createChannel();
      const answered = new Promise<string>((resolve) => {
        void channel.consume('amq.rabbitmq.reply-to', (it) => resolve(String(it?.content)), {
          noAck: true,
        });
      });
      channel.publish('ovirt.engine-backup', 'BACKUP_SETTINGS_REQUESTED', Buffer.from('{}'), {
        replyTo: 'amq.rabbitmq.reply-to',
      });
      const service = await connect(broker.urlOf('ingest-settings'));
      const answering = await service.createChannel();
      await answering.consume(
        'backup-awareness.settings',
        (it) => answering.publish('', String(it!.properties.replyTo), Buffer.from('settings')),
        { noAck: true },
      );
      const said = await answered;
      await service.close();
      return said;
    });
    expect(answer).toBe('settings');
  });

  const publishing =
    (exchange: string, key = 'x', userId?: string) =>
    (it: Channel) =>
      it.publish(exchange, key, Buffer.from('x'), userId === undefined ? {} : { userId });
  const mayNot: [string, (channel: Channel) => unknown][] = [
    ['publish an alert', publishing('ovirt.backup-alerts')],
    ['publish an event of administration', publishing('ovirt.backup-administration')],
    ['publish a dead letter', publishing('backup-awareness.dead', 'backup-awareness.ingest')],
    ['publish to the exchange for unrouted messages', publishing('ovirt.unrouted')],
    ['publish to a queue by its name', publishing('', 'backup-awareness.ingest')],
    ['publish to amq.topic', publishing('amq.topic')],
    [
      'publish as another user',
      publishing('ovirt.engine-backup', 'ENGINE_BACKUP_STARTED', 'other'),
    ],
    ['consume reports', (it) => it.consume('backup-awareness.ingest', () => undefined)],
    ['fetch a report', (it) => it.get('backup-awareness.ingest')],
    ['consume settings requests', (it) => it.consume('backup-awareness.settings', () => undefined)],
    ['purge a queue', (it) => it.purgeQueue('backup-awareness.ingest')],
    ['declare a queue', (it) => it.assertQueue('mine')],
    ['declare a queue of its own', (it) => it.assertQueue('', { exclusive: true })],
    ['declare an exchange', (it) => it.assertExchange('mine', 'topic')],
    ['bind a queue', (it) => it.bindQueue('backup-awareness.ingest', 'ovirt.engine-backup', '#')],
    ['delete the exchange', (it) => it.deleteExchange('ovirt.engine-backup')],
  ];
  it.each(mayNot)('cannot %s', async (_, act) => {
    await expect(as(name, 'secret', onChannel(act))).rejects.toThrow(
      /ACCESS_REFUSED|PRECONDITION_FAILED/,
    );
  });

  it('gets a new password when it is created again, and the old one stops working', async () => {
    expect(await apply(name, 'new secret')).toEqual({ ok: true, value: 'renewed' });
    await expect(as(name, 'secret', async () => undefined)).rejects.toThrow(/ACCESS/);
    await as(name, 'new secret', async () => undefined);
  });

  it('can no longer connect once it is removed, and removing it again changes nothing', async () => {
    const remove = () => removeHostUser(broker.managementUrl, broker.vhost, name);
    expect(await remove()).toEqual({ ok: true, value: 'removed' });
    await expect(as(name, 'new secret', async () => undefined)).rejects.toThrow(/ACCESS/);
    expect(await remove()).toEqual({ ok: true, value: 'absent' });
  });
});

describe('refuses the name', () => {
  it.each(['', 'two words', '-x', 'a/b', 'ü', 'a'.repeat(65), 'x\n'])(
    '%j, and says what is expected',
    async (name) => {
      expect(await apply(name)).toMatchObject({
        ok: false,
        invalid: { expected: expect.stringContaining('1 to 64 letters, digits') },
      });
    },
  );

  it.each(['ingest', 'audit', 'freshness-checker', 'ingest-settings'])(
    '%s, which is a service’s user',
    async (name) => {
      for (const one of [name, `${broker.vhost}.${name}`])
        expect(await apply(one)).toMatchObject({
          ok: false,
          invalid: { got: `${one}, a service's broker user` },
        });
    },
  );

  it('of a user that we did not create, whose password stays', async () => {
    const { username } = new URL(broker.amqpUrl);
    const refused = { ok: false, invalid: { got: expect.stringContaining('did not create') } };
    expect(await apply(username)).toMatchObject(refused);
    expect(await removeHostUser(broker.managementUrl, broker.vhost, username)).toMatchObject(
      refused,
    );
    await (await connect(broker.amqpUrl)).close();
  });

  it('of a host user of another installation on the same broker', async () => {
    const name = newName();
    await apply(name, 'secret', other);
    const refused = { ok: false, invalid: { got: expect.stringContaining(other.vhost) } };
    expect(await apply(name)).toMatchObject(refused);
    expect(await removeHostUser(broker.managementUrl, broker.vhost, name)).toMatchObject(refused);
  });
});

it('says that the management API does not answer', async () => {
  const url = 'http://u:secret@127.0.0.1:1';
  await expect(applyHostUser(url, '/', { name: 'host', password: 'p' })).rejects.toMatchObject({
    name: 'ManagementUnreachable',
    message: expect.stringMatching(/^the broker's management API at http:\/\/127\.0\.0\.1:1 does/),
  });
});
