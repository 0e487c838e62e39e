import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  DEAD_EXCHANGE,
  ENGINE_BACKUP_EXCHANGE,
  INGEST_QUEUE,
  SETTINGS_QUEUE,
  SUBSCRIBER_POLICY,
} from '@backup-awareness/contracts';
import { managementApi } from './management-api.js';

/** The broker's users of the services, and what each may do: patterns of names to configure, write and read. */
export const BROKER_USERS = {
  ingest: { write: exactly(DEAD_EXCHANGE), read: exactly(INGEST_QUEUE) },
  /** An answer goes through the default exchange, which reaches every queue: so this user does nothing else. */
  'ingest-settings': { write: exactly('amq.default'), read: exactly(SETTINGS_QUEUE) },
  'freshness-checker': {
    write: exactly(ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE),
    read: exactly(),
  },
  audit: { write: exactly(DEAD_EXCHANGE), read: exactly(AUDIT_QUEUE) },
  /** No service's: what an administrator sends again is believed on when it first arrived, and from whom. */
  replay: {
    write: exactly(ENGINE_BACKUP_EXCHANGE, ALERTS_EXCHANGE, ADMINISTRATION_EXCHANGE),
    read: exactly(),
  },
} as const;

export type BrokerUser = keyof typeof BROKER_USERS;
export const BROKER_USER_NAMES = Object.keys(BROKER_USERS) as BrokerUser[];

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
 * Makes the services' broker users, each with just its permissions, and the policy for subscribers' queues, through the management API.
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
    await put(`users/${name}`, { password: passwords[user], tags: '' });
    await put(`permissions/${at}/${name}`, { configure: '^$', ...BROKER_USERS[user] });
  }
  const { name, pattern, applyTo, definition } = SUBSCRIBER_POLICY;
  await put(`policies/${at}/${name}`, { pattern, 'apply-to': applyTo, definition });
}
