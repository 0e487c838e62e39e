import type { TestBroker } from '@backup-awareness/testing';
import { connect, type Channel } from 'amqplib';
import { brokerUserName } from '../broker-users.js';
import { applyTopology } from '../topology.js';

/** Something that is made otherwise, by its path at the management API. */
export interface Breakage {
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

/** All that may differ. */
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
