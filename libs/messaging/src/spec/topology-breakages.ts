import type { TestBroker } from '@backup-awareness/testing';
import { connect, type Channel } from 'amqplib';
import { brokerUserName } from '../broker-users.js';
import { applyTopology } from '../topology.js';

/** One way to damage the topology; `at` is the encoded virtual host. */
export interface Breakage {
  readonly what: string;
  readonly damage: (broker: TestBroker, at: string) => Promise<unknown>;
  readonly reported: RegExp;
  readonly repair: (broker: TestBroker, at: string) => Promise<unknown>;
}

const apply = (broker: TestBroker) => broker.applyAll();

function unbound(exchange: string, queue: string, key: string): Breakage {
  return {
    what: `the binding ${key} of ${queue} is missing`,
    damage: async (broker) => onChannel(broker, (it) => it.unbindQueue(queue, exchange, key)),
    reported: new RegExp(
      `^binding ${escaped(key)} of ${escaped(exchange)} to ${escaped(queue)}: expected to exist, got none \\(backup-awareness topology apply\\)$`,
    ),
    repair: ({ amqpUrl }) => applyTopology(amqpUrl),
  };
}

function exchangeMadeAs(
  what: string,
  options: object,
  reported: RegExp,
  name = 'ovirt.engine-backup',
): Breakage {
  return {
    what,
    damage: async (broker, at) => {
      await broker.api('DELETE', `exchanges/${at}/${name}`);
      await broker.api('PUT', `exchanges/${at}/${name}`, options);
      // The bindings were deleted with the exchange.
      await onChannel(broker, async (it) => {
        for (const queue of ['backup-awareness.ingest', 'backup-awareness.audit'])
          for (const report of ['STARTED', 'COMPLETED', 'FAILED'])
            await it.bindQueue(queue, name, `ENGINE_BACKUP_${report}.#`);
        await it.bindQueue('backup-awareness.settings', name, 'BACKUP_SETTINGS_REQUESTED');
      });
    },
    reported,
    repair: async (broker, at) => {
      await broker.api('DELETE', `exchanges/${at}/${name}`);
      await applyTopology(broker.amqpUrl);
    },
  };
}

function queueMadeAs(what: string, options: object, reported: RegExp): Breakage {
  const name = 'backup-awareness.ingest';
  return {
    what,
    damage: async (broker, at) => {
      await broker.api('DELETE', `queues/${at}/${name}`);
      await broker.api('PUT', `queues/${at}/${name}`, options);
      await onChannel(broker, async (it) => {
        for (const report of ['STARTED', 'COMPLETED', 'FAILED'])
          await it.bindQueue(name, 'ovirt.engine-backup', `ENGINE_BACKUP_${report}.#`);
      });
    },
    reported,
    repair: async (broker, at) => {
      await broker.api('DELETE', `queues/${at}/${name}`);
      await applyTopology(broker.amqpUrl);
    },
  };
}

function policy(
  kind: 'policies' | 'operator-policies',
  definition: object,
  reported: RegExp,
  more: object = {},
): Breakage {
  return {
    what: `${kind} set ${JSON.stringify({ definition, ...more })}`,
    damage: ({ api }, at) =>
      api('PUT', `${kind}/${at}/somebody`, {
        pattern: '.*',
        'apply-to': 'queues',
        definition,
        ...more,
      }),
    reported,
    repair: ({ api }, at) => api('DELETE', `${kind}/${at}/somebody`),
  };
}

const REPORTS_TO = ['backup-awareness.ingest', 'backup-awareness.audit'];

/** Everything that may differ. */
export const BREAKAGES: Breakage[] = [
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
    what: 'no queue keeps unrouted messages',
    damage: (broker) =>
      onChannel(broker, (it) => it.unbindQueue('ovirt.unrouted', 'ovirt.unrouted', '')),
    reported:
      /^binding \(no key\) of ovirt\.unrouted to ovirt\.unrouted: expected to exist, got none/,
    repair: ({ amqpUrl }) => applyTopology(amqpUrl),
  },
  exchangeMadeAs(
    'an exchange has another type',
    { type: 'direct', durable: true, arguments: { 'alternate-exchange': 'ovirt.unrouted' } },
    /^exchange ovirt\.engine-backup: type: expected topic, got direct \(delete it, .*topology apply\)$/,
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
    damage: ({ api }, at) => api('DELETE', `exchanges/${at}/backup-awareness.dead`),
    reported: /^exchange backup-awareness\.dead: expected to exist, got none/,
    repair: ({ amqpUrl }) => applyTopology(amqpUrl),
  },
  {
    what: 'a queue is missing',
    damage: ({ api }, at) => api('DELETE', `queues/${at}/backup-awareness.audit.dead`),
    reported: /^queue backup-awareness\.audit\.dead: expected to exist, got none/,
    repair: ({ amqpUrl }) => applyTopology(amqpUrl),
  },
  queueMadeAs(
    'a queue is classic',
    { durable: true },
    /^queue backup-awareness\.ingest: x-queue-type: expected quorum, got classic \(when it is empty: rabbitmqctl/,
  ),
  queueMadeAs(
    'a queue drops a message after three deliveries',
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
    /^queue backup-awareness\.ingest: policy: message-ttl: expected none, got 1000 \(set by the operator policy somebody: rabbitmqctl .*clear_operator_policy somebody\)$/,
  ),
  policy(
    'operator-policies',
    { 'message-ttl': 1_000 },
    /^queue backup-awareness\.ingest\.dead: policy: message-ttl: expected 7776000000, got 1000 \(set by the operator/,
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
    /^queue backup-awareness\.ingest: policy: overflow: expected reject-publish, got drop-head \(set by the policy somebody: give it a lower priority/,
    { priority: 1_000 },
  ),
  policy(
    'policies',
    { 'queue-leader-locator': 'balanced' },
    /^queue backup-awareness\.ingest: policy: dead-letter-exchange: expected backup-awareness\.dead, got none \(set by the policy somebody/,
    { priority: 1_000 },
  ),
  {
    what: 'a policy of ours is missing',
    damage: ({ api }, at) => api('DELETE', `policies/${at}/backup-awareness-kept`),
    reported:
      /^queue ovirt\.unrouted: policy: max-length: expected 100000, got none \(backup-awareness topology apply --management-url URL\)$/,
    repair: apply,
  },
  {
    what: 'a service may publish more than probes',
    damage: ({ api, vhost }, at) =>
      api(
        'DELETE',
        `topic-permissions/${at}/${encodeURIComponent(brokerUserName(vhost, 'ingest'))}`,
      ),
    reported:
      /^broker user .*\.ingest: topic permission: expected ovirt\.engine-backup write .*, got none/,
    repair: apply,
  },
  {
    what: 'a service may do more than it needs',
    damage: ({ api, vhost }, at) =>
      api('PUT', `permissions/${at}/${encodeURIComponent(brokerUserName(vhost, 'audit'))}`, {
        configure: '.*',
        write: '.*',
        read: '.*',
      }),
    reported: /^broker user .*\.audit: configure: expected \^\$, got \.\*/,
    repair: apply,
  },
];

/** Does some work on a channel of the administrator. */
export async function onChannel(
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
