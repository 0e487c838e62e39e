import { describeDifference } from '@backup-awareness/contracts';
import { createTestBroker, type TestBroker } from '@backup-awareness/testing';
import { connect, type Channel } from 'amqplib';
import { brokerUserName } from './broker-users.js';
import { applyTopology } from './topology.js';
import { compareTopology } from './topology-differences.js';

/** Something that is made otherwise, by its path at the management API. */
interface Breakage {
  readonly what: string;
  readonly act: (broker: TestBroker, at: string) => Promise<unknown>;
  readonly named: RegExp;
  readonly mend: (broker: TestBroker, at: string) => Promise<unknown>;
}

const apply = (broker: TestBroker) => broker.applyAll();

function unbound(exchange: string, queue: string, key: string): Breakage {
  return {
    what: `the binding ${key} of ${queue} is missing`,
    act: async (broker) => onChannel(broker, (it) => it.unbindQueue(queue, exchange, key)),
    named: new RegExp(
      `^binding ${escaped(key)} of ${escaped(exchange)} to ${escaped(queue)}: expected to be there, got none \\(backup-awareness topology apply\\)$`,
    ),
    mend: ({ amqpUrl }) => applyTopology(amqpUrl),
  };
}

function exchangeMadeAs(
  what: string,
  options: object,
  named: RegExp,
  name = 'ovirt.engine-backup',
): Breakage {
  return {
    what,
    act: async (broker, at) => {
      await broker.api('DELETE', `exchanges/${at}/${name}`);
      await broker.api('PUT', `exchanges/${at}/${name}`, options);
      // The bindings went with the exchange.
      await onChannel(broker, async (it) => {
        for (const queue of ['backup-awareness.ingest', 'backup-awareness.audit'])
          for (const report of ['STARTED', 'COMPLETED', 'FAILED'])
            await it.bindQueue(queue, name, `ENGINE_BACKUP_${report}.#`);
        await it.bindQueue('backup-awareness.settings', name, 'BACKUP_SETTINGS_REQUESTED');
      });
    },
    named,
    mend: async (broker, at) => {
      await broker.api('DELETE', `exchanges/${at}/${name}`);
      await applyTopology(broker.amqpUrl);
    },
  };
}

function queueMadeAs(what: string, options: object, named: RegExp): Breakage {
  const name = 'backup-awareness.ingest';
  return {
    what,
    act: async (broker, at) => {
      await broker.api('DELETE', `queues/${at}/${name}`);
      await broker.api('PUT', `queues/${at}/${name}`, options);
      await onChannel(broker, async (it) => {
        for (const report of ['STARTED', 'COMPLETED', 'FAILED'])
          await it.bindQueue(name, 'ovirt.engine-backup', `ENGINE_BACKUP_${report}.#`);
      });
    },
    named,
    mend: async (broker, at) => {
      await broker.api('DELETE', `queues/${at}/${name}`);
      await applyTopology(broker.amqpUrl);
    },
  };
}

function policy(
  kind: 'policies' | 'operator-policies',
  definition: object,
  named: RegExp,
  more: object = {},
): Breakage {
  return {
    what: `${kind} say ${JSON.stringify({ definition, ...more })}`,
    act: ({ api }, at) =>
      api('PUT', `${kind}/${at}/somebody`, {
        pattern: '.*',
        'apply-to': 'queues',
        definition,
        ...more,
      }),
    named,
    mend: ({ api }, at) => api('DELETE', `${kind}/${at}/somebody`),
  };
}

const REPORTS_TO = ['backup-awareness.ingest', 'backup-awareness.audit'];

const BREAKAGES: Breakage[] = [
  ...REPORTS_TO.flatMap((queue) =>
    ['STARTED', 'COMPLETED', 'FAILED'].map((report) =>
      unbound('ovirt.engine-backup', queue, `ENGINE_BACKUP_${report}.#`),
    ),
  ),
  unbound('ovirt.backup-alerts', 'backup-awareness.audit', 'BackupAlertRaised.#'),
  unbound('ovirt.backup-alerts', 'backup-awareness.audit', 'BackupAlertCleared.#'),
  unbound('ovirt.backup-administration', 'backup-awareness.audit', '#'),
  unbound('ovirt.engine-backup', 'backup-awareness.settings', 'BACKUP_SETTINGS_REQUESTED'),
  unbound('backup-awareness.dead', 'backup-awareness.ingest.dead', 'backup-awareness.ingest'),
  unbound('backup-awareness.dead', 'backup-awareness.audit.dead', 'backup-awareness.audit'),
  {
    what: 'what is unrouted is kept nowhere',
    act: (broker) =>
      onChannel(broker, (it) => it.unbindQueue('ovirt.unrouted', 'ovirt.unrouted', '')),
    named:
      /^binding \(no key\) of ovirt\.unrouted to ovirt\.unrouted: expected to be there, got none/,
    mend: ({ amqpUrl }) => applyTopology(amqpUrl),
  },
  exchangeMadeAs(
    'an exchange has another type',
    { type: 'direct', durable: true, arguments: { 'alternate-exchange': 'ovirt.unrouted' } },
    /^exchange ovirt\.engine-backup: type: expected topic, got direct \(remove it, .*topology apply\)$/,
  ),
  exchangeMadeAs(
    'an exchange has no alternate exchange',
    { type: 'topic', durable: true },
    /^exchange ovirt\.engine-backup: alternate exchange: expected ovirt\.unrouted, got none/,
  ),
  exchangeMadeAs(
    'an exchange does not survive a restart',
    { type: 'topic', durable: false, arguments: { 'alternate-exchange': 'ovirt.unrouted' } },
    /^exchange ovirt\.engine-backup: durable: expected true, got false/,
  ),
  {
    what: 'an exchange is missing',
    act: ({ api }, at) => api('DELETE', `exchanges/${at}/backup-awareness.dead`),
    named: /^exchange backup-awareness\.dead: expected to be there, got none/,
    mend: ({ amqpUrl }) => applyTopology(amqpUrl),
  },
  {
    what: 'a queue is missing',
    act: ({ api }, at) => api('DELETE', `queues/${at}/backup-awareness.audit.dead`),
    named: /^queue backup-awareness\.audit\.dead: expected to be there, got none/,
    mend: ({ amqpUrl }) => applyTopology(amqpUrl),
  },
  queueMadeAs(
    'a queue is a classic one',
    { durable: true },
    /^queue backup-awareness\.ingest: x-queue-type: expected quorum, got classic \(when it is empty: rabbitmqctl/,
  ),
  queueMadeAs(
    'a queue gives up a message after three deliveries',
    { durable: true, arguments: { 'x-queue-type': 'quorum', 'x-delivery-limit': 3 } },
    /^queue backup-awareness\.ingest: x-delivery-limit: expected 1000000, got 3/,
  ),
  queueMadeAs(
    'a queue lets messages expire by its arguments',
    {
      durable: true,
      arguments: {
        'x-queue-type': 'quorum',
        'x-delivery-limit': 1_000_000,
        'x-message-ttl': 60_000,
      },
    },
    /^queue backup-awareness\.ingest: x-message-ttl: expected none, got 60000/,
  ),
  policy(
    'operator-policies',
    { 'message-ttl': 1_000 },
    /^queue backup-awareness\.ingest: policy: message-ttl: expected none, got 1000 \(by the operator policy somebody: rabbitmqctl .*clear_operator_policy somebody\)$/,
  ),
  policy(
    'operator-policies',
    { 'message-ttl': 1_000 },
    /^queue backup-awareness\.ingest\.dead: policy: message-ttl: expected 7776000000, got 1000 \(by the operator/,
  ),
  policy(
    'operator-policies',
    { 'max-length': 10 },
    /^queue backup-awareness\.audit: policy: max-length: expected none, got 10/,
  ),
  policy(
    'operator-policies',
    { 'max-length-bytes': 10 },
    /^queue ovirt\.unrouted: policy: max-length-bytes: expected 536870912, got 10/,
  ),
  policy(
    'operator-policies',
    { expires: 60_000 },
    /^queue backup-awareness\.ingest: policy: expires: expected none, got 60000/,
  ),
  policy(
    'policies',
    { 'max-length': 10, overflow: 'drop-head' },
    /^queue backup-awareness\.ingest: policy: overflow: expected reject-publish, got drop-head \(by the policy somebody: give it a lower priority/,
    { priority: 1_000 },
  ),
  policy(
    'policies',
    { 'queue-leader-locator': 'balanced' },
    /^queue backup-awareness\.ingest: policy: dead-letter-exchange: expected backup-awareness\.dead, got none \(by the policy somebody/,
    { priority: 1_000 },
  ),
  {
    what: 'a policy of ours is missing',
    act: ({ api }, at) => api('DELETE', `policies/${at}/backup-awareness-kept`),
    named:
      /^queue ovirt\.unrouted: policy: max-length: expected 100000, got none \(backup-awareness topology apply --management-url URL\)$/,
    mend: apply,
  },
  {
    what: 'a service may publish more than probes',
    act: ({ api, vhost }, at) =>
      api(
        'DELETE',
        `topic-permissions/${at}/${encodeURIComponent(brokerUserName(vhost, 'ingest'))}`,
      ),
    named:
      /^broker user .*\.ingest: topic permission: expected ovirt\.engine-backup write .*, got none/,
    mend: apply,
  },
  {
    what: 'a service may do more than it needs',
    act: ({ api, vhost }, at) =>
      api('PUT', `permissions/${at}/${encodeURIComponent(brokerUserName(vhost, 'audit'))}`, {
        configure: '.*',
        write: '.*',
        read: '.*',
      }),
    named: /^broker user .*\.audit: configure: expected \^\$, got \.\*/,
    mend: apply,
  },
];

describe('the topology at the broker, compared with how it has to be made', () => {
  let broker: TestBroker;
  let at: string;

  beforeAll(async () => {
    broker = await createTestBroker();
    at = encodeURIComponent(broker.vhost);
  });

  afterAll(() => broker.drop());

  const differences = async () =>
    (await compareTopology(broker.managementUrl, broker.vhost)).differences.map(describeDifference);

  it('does not differ when it has just been declared', async () => {
    expect(await compareTopology(broker.managementUrl, broker.vhost)).toEqual({
      differences: [],
      warnings: [],
      areUsersCompared: true,
    });
  });

  it.each(BREAKAGES)('names it when $what, until it is mended', async ({ act, named, mend }) => {
    await act(broker, at);
    expect(await differences()).toContainEqual(expect.stringMatching(named));
    await mend(broker, at);
    expect(await differences()).toEqual([]);
  });

  it('lets an ordinary policy for everything be, since ours have a higher priority', async () => {
    const ordinary = { pattern: '.*', 'apply-to': 'all', definition: { 'max-length': 5 } };
    await broker.api('PUT', `policies/${at}/everything`, ordinary);
    expect(await differences()).toEqual([]);
    await broker.api('DELETE', `policies/${at}/everything`);
  });

  it('warns of what somebody leads into our queues, and lets a subscriber’s bindings be', async () => {
    await onChannel(broker, async (it) => {
      await it.assertExchange('foreign', 'fanout');
      await it.bindQueue('backup-awareness.ingest', 'foreign', '');
      await it.assertQueue('subscriber.spec', { arguments: { 'x-queue-type': 'quorum' } });
      await it.bindQueue('subscriber.spec', 'ovirt.backup-alerts', '#');
    });
    const { differences, warnings } = await compareTopology(broker.managementUrl, broker.vhost);
    expect(differences).toEqual([]);
    expect(warnings).toEqual([
      'foreign leads (no key) into backup-awareness.ingest, which is no binding of ours',
    ]);
    await broker.api('DELETE', `exchanges/${at}/foreign`);
  });

  describe('as the user «monitor»', () => {
    it('tells the same, but for users', async () => {
      expect(await compareTopology(broker.monitorUrl, broker.vhost)).toEqual({
        differences: [],
        warnings: [],
        areUsersCompared: false,
      });
    });

    const MAY_NOT: [string, string, (at: string) => string, object?][] = [
      [
        'take messages',
        'POST',
        (it) => `queues/${it}/backup-awareness.ingest/get`,
        { count: 1, ackmode: 'ack_requeue_true', encoding: 'auto' },
      ],
      ['throw messages away', 'DELETE', (it) => `queues/${it}/backup-awareness.ingest/contents`],
      ['remove a queue', 'DELETE', (it) => `queues/${it}/backup-awareness.ingest`],
      [
        'publish',
        'POST',
        (it) => `exchanges/${it}/ovirt.engine-backup/publish`,
        {
          properties: {},
          routing_key: 'ENGINE_BACKUP_COMPLETED.db',
          payload: 'x',
          payload_encoding: 'string',
        },
      ],
      [
        'bind a queue',
        'POST',
        (it) => `bindings/${it}/e/ovirt.engine-backup/q/backup-awareness.ingest`,
        { routing_key: 'x' },
      ],
      [
        'make a policy',
        'PUT',
        (it) => `policies/${it}/mine`,
        { pattern: '.*', definition: { 'max-length': 1 } },
      ],
      ['read users', 'GET', () => 'users'],
      ['read another virtual host', 'GET', () => 'queues/%2F'],
    ];

    it.each(MAY_NOT)('it may not %s', async (...[, method, path, body]) => {
      const { origin, username, password } = new URL(broker.monitorUrl);
      const response = await fetch(`${origin}/api/${path(at)}`, {
        method,
        headers: {
          authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${password}`).toString('base64')}`,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      expect(await response.text()).toMatch(/not_authorised|ACCESS_REFUSED/);
    });
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

function escaped(text: string): string {
  return text.replaceAll(/[.#*]/g, '\\$&');
}
