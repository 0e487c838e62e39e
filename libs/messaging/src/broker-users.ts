import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  DEAD_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
  INGEST_QUEUE,
  POLICIES,
  POLICY_PRIORITY,
  PROBES,
  SETTINGS_QUEUE,
} from '@backup-awareness/contracts/plain';
import { managementApi } from './management-api.js';

export interface BrokerPermissions {
  /** Patterns of names of exchanges and queues. */
  readonly write: string;
  readonly read: string;
  /** Narrows writing to a topic exchange to these routing keys. */
  readonly topics?: { readonly exchange: string; readonly write: string; readonly read: string };
  /** What the user may ask the management API. */
  readonly tags?: 'management';
}

/** They send probes, which no report can pass for: to these keys nothing else is published by them. */
const PROBE_TOPICS = {
  exchange: ENGINE_BACKUP_EXCHANGE,
  write: exactly(...PROBES.map(({ routingKey }) => routingKey)),
  read: '^$',
};

/** The broker's users of the services, and what each may do: patterns of names to configure, write and read. */
export const BROKER_USERS = {
  ingest: {
    write: exactly(DEAD_EXCHANGE, ENGINE_BACKUP_EXCHANGE),
    read: exactly(INGEST_QUEUE),
    topics: PROBE_TOPICS,
  },
  /** An answer goes through the default exchange, which reaches every queue: so this user does nothing else. */
  'ingest-settings': { write: exactly('amq.default'), read: exactly(SETTINGS_QUEUE) },
  'freshness-checker': {
    write: exactly(ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE),
    read: exactly(),
  },
  audit: {
    write: exactly(DEAD_EXCHANGE, ENGINE_BACKUP_EXCHANGE),
    read: exactly(AUDIT_QUEUE),
    topics: PROBE_TOPICS,
  },
  /** No service's: what an administrator sends again is believed on when it first arrived, and from whom. */
  replay: {
    write: exactly(ENGINE_BACKUP_EXCHANGE, ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE),
    read: exactly(),
  },
  /** Reads of this virtual host's objects how they are made; no message. */
  monitor: { write: exactly(), read: exactly(), tags: 'management' },
} as const satisfies Record<string, BrokerPermissions>;

export type BrokerUser = keyof typeof BROKER_USERS;
export const BROKER_USER_NAMES = Object.keys(BROKER_USERS) as BrokerUser[];

export function permissionsOf(user: BrokerUser): BrokerPermissions {
  return BROKER_USERS[user];
}

/**
 * The name of a service's user at the broker. Users are the whole broker's, so that on a virtual host of its own an
 * installation has users of its own: two on one broker do not change each other's passwords.
 */
export function brokerUserName(vhost: string, user: BrokerUser): string {
  return vhost === '/' ? user : `${vhost}.${user}`;
}

/**
 * The broker user whose events count that are no reports, as the service `audit` sees it: the freshness-checker's, which alone publishes
 * them. Where all services share one user, it is that one.
 *
 * @param own audit's own user and virtual host
 */
export function eventsBrokerUser(own: { readonly user: string; readonly vhost: string }): string {
  const hasUsersOfItsOwn = own.user === brokerUserName(own.vhost, 'audit');
  return hasUsersOfItsOwn ? brokerUserName(own.vhost, 'freshness-checker') : own.user;
}

/** A pattern of just these names. */
export function exactly(...names: string[]): string {
  return `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
}

/**
 * Makes the services' broker users, each with just its permissions, and the policies, through the management API.
 *
 * @param managementUrl `http://administrator:password@host:port`
 * @throws ManagementUnreachable, or with the broker's answer where it refuses
 */
export async function applyBrokerUsers(
  managementUrl: string,
  vhost: string,
  passwords: Readonly<Record<BrokerUser, string>>,
): Promise<void> {
  const { put } = managementApi(managementUrl);
  const at = encodeURIComponent(vhost);
  for (const user of BROKER_USER_NAMES) {
    const name = encodeURIComponent(brokerUserName(vhost, user));
    const { write, read, topics, tags } = permissionsOf(user);
    await put(`users/${name}`, { password: passwords[user], tags: tags ?? '' });
    // Before the right that it narrows.
    if (topics) await put(`topic-permissions/${at}/${name}`, topics);
    await put(`permissions/${at}/${name}`, { configure: '^$', write, read });
  }
  for (const { name, pattern, definition } of POLICIES)
    await put(`policies/${at}/${name}`, {
      pattern,
      'apply-to': 'queues',
      priority: POLICY_PRIORITY,
      definition,
    });
}
