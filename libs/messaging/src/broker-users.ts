import {
  ADMINISTRATION_EXCHANGE,
  ALERTS_EXCHANGE,
  AUDIT_QUEUE,
  DEAD_EXCHANGE,
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
