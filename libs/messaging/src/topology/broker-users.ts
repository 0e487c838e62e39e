import {
  ACTIVE_ALERTS_QUEUE,
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  CONSOLE_QUEUES,
  DEAD_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
  INCARNATION_EXCHANGE,
  INCARNATION_STREAM,
  INGEST_QUEUE,
  KEPT_QUEUES,
  POLICIES,
  POLICY_PRIORITY,
  PROBES,
  SETTINGS_QUEUE,
  SETTINGS_REQUESTED,
} from '@backup-awareness/contracts/plain';
import { DEAD_LETTERS_LOCK } from '../dead-letters/lock.js';
import { managementApi, type ManagementAddress } from './management-api.js';

export interface BrokerPermissions {
  /** Regular expressions for names of exchanges and queues. */
  readonly write: string;
  readonly read: string;
  /** What it may declare and delete; nothing by default. */
  readonly configure?: string;
  /** Restricts publishing to a topic exchange to these routing keys. */
  readonly topics?: { readonly exchange: string; readonly write: string; readonly read: string };
  /** Access to the management API. */
  readonly tags?: 'management';
}

/** For sending probes. These users can publish with no other routing key, so they cannot publish a report. */
const probeTopics = (...more: string[]) => ({
  exchange: ENGINE_BACKUP_EXCHANGE,
  write: exactly(...PROBES.map(({ routingKey }) => routingKey), ...more),
  read: '^$',
});

/** The services' broker users and their permissions. */
const BROKER_USERS = {
  ingest: {
    write: exactly(DEAD_EXCHANGE, ENGINE_BACKUP_EXCHANGE),
    read: exactly(INGEST_QUEUE),
    // It asks itself for settings, as a host does: that proves that requests are answered.
    topics: probeTopics(SETTINGS_REQUESTED),
  },
  /** Replies go through the default exchange, which reaches every queue: hence a user that does nothing else. */
  'ingest-settings': { write: exactly('amq.default'), read: exactly(SETTINGS_QUEUE) },
  'freshness-checker': {
    write: exactly(ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE, INCARNATION_EXCHANGE),
    read: exactly(INCARNATION_STREAM),
  },
  /** Tells other components which alerts are active; like `ingest-settings`. */
  'active-alerts': { write: exactly('amq.default'), read: exactly(ACTIVE_ALERTS_QUEUE) },
  audit: {
    write: exactly(DEAD_EXCHANGE, ENGINE_BACKUP_EXCHANGE),
    read: exactly(AUDIT_QUEUE),
    topics: probeTopics(),
  },
  /** For an administrator's work with dead letters: only this user's headers of first arrival and original sender count. */
  replay: {
    write: exactly(ENGINE_BACKUP_EXCHANGE, ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE),
    read: exactly(...KEPT_QUEUES),
    configure: exactly(DEAD_LETTERS_LOCK),
  },
  /**
   * For the console: it declares, binds and reads queues of its own, and looks at dead letters as `replay` does, but publishes nothing. To
   * bind takes the right to write to the queue, and to read from the exchange.
   */
  console: {
    configure: `${beginningWith(CONSOLE_QUEUES)}|${exactly(DEAD_LETTERS_LOCK)}`,
    write: beginningWith(CONSOLE_QUEUES),
    read: `${beginningWith(CONSOLE_QUEUES)}|${exactly(ENGINE_BACKUP_EXCHANGE, ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE, ...KEPT_QUEUES)}`,
  },
  /** Can see how this virtual host's objects are configured, but no messages. */
  monitor: { write: exactly(), read: exactly(), tags: 'management' },
} as const satisfies Record<string, BrokerPermissions>;

export type BrokerUser = keyof typeof BROKER_USERS;
export const BROKER_USER_NAMES = Object.keys(BROKER_USERS) as BrokerUser[];

/** An installation may do without these. */
export const OPTIONAL_BROKER_USERS = ['console'] as const satisfies readonly BrokerUser[];
type OptionalUser = (typeof OPTIONAL_BROKER_USERS)[number];

/** Without a password an optional user is not created, and one that exists stays as it is. */
export type BrokerPasswords = Readonly<
  Record<Exclude<BrokerUser, OptionalUser>, string> & Partial<Record<OptionalUser, string>>
>;

export function permissionsOf(
  user: BrokerUser,
): BrokerPermissions & { readonly configure: string } {
  return { configure: '^$', ...BROKER_USERS[user] };
}

/**
 * The name of a service's broker user. Users are global to a broker; the virtual host in their names keeps two installations on one
 * broker from changing each other's passwords.
 */
export function brokerUserName(vhost: string, user: BrokerUser): string {
  return vhost === '/' ? user : `${vhost}.${user}`;
}

/**
 * The only broker user whose events other than reports count: the freshness-checker's, or the shared user where all services share one.
 *
 * @param own the user and virtual host of `service`
 */
export function eventsBrokerUser(
  own: { readonly user: string; readonly vhost: string },
  service: 'audit' | 'console' = 'audit',
): string {
  const hasUsersOfItsOwn = own.user === brokerUserName(own.vhost, service);
  return hasUsersOfItsOwn ? brokerUserName(own.vhost, 'freshness-checker') : own.user;
}

/** A regular expression that matches exactly these names. */
export function exactly(...names: string[]): string {
  return `^(${names.map((name) => name.replaceAll('.', '\\.')).join('|')})$`;
}

function beginningWith(start: string): string {
  return `^${start.replaceAll('.', '\\.')}`;
}

/**
 * Creates the services' broker users with their permissions, and the policies, through the management API.
 *
 * @param management as an administrator
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function applyBrokerUsers(
  management: ManagementAddress,
  vhost: string,
  passwords: BrokerPasswords,
): Promise<void> {
  const { put } = managementApi(management);
  const at = encodeURIComponent(vhost);
  for (const user of BROKER_USER_NAMES) {
    const password = passwords[user];
    if (password === undefined) continue;
    const name = encodeURIComponent(brokerUserName(vhost, user));
    const { configure, write, read, topics, tags } = permissionsOf(user);
    await put(`users/${name}`, { password, tags: tags ?? '' });
    // Before the permission that it restricts.
    if (topics) await put(`topic-permissions/${at}/${name}`, topics);
    await put(`permissions/${at}/${name}`, { configure, write, read });
  }
  for (const { name, pattern, definition } of POLICIES)
    await put(`policies/${at}/${name}`, {
      pattern,
      'apply-to': 'queues',
      priority: POLICY_PRIORITY,
      definition,
    });
}
