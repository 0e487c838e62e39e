import { hostname } from 'node:os';
import {
  DATABASE_ROLES,
  applyRoles,
  applySchema,
  registerEngine,
  type DatabaseRole,
} from '@backup-awareness/database';
import {
  BROKER_USER_NAMES,
  applyBrokerUsers,
  applyTopology,
  brokerUserName,
  type BrokerUser,
} from '@backup-awareness/messaging';
import type { RunDirectory } from '@backup-awareness/local-servers';
import { virtualHostOf, withCredentials } from '@backup-awareness/contracts/plain';

export type DatabaseUrls = Readonly<Record<DatabaseRole, string>>;
/** AMQP for each user, and the management API for the user that only monitors; undefined where there is none. */
export type BrokerUrls = Readonly<Record<BrokerUser, string>> & {
  readonly management?: string;
};

/** Migrates the schema and gives each service its own role. */
export async function prepareDatabase(
  runDirectory: RunDirectory,
  ownerUrl: string,
): Promise<DatabaseUrls> {
  await applySchema(ownerUrl);
  return applyRoles(
    ownerUrl,
    byName(DATABASE_ROLES, (role) => runDirectory.password(`databaseRole.${role}`)),
  );
}

/**
 * Declares the topology and gives each service its own user. That needs the broker's management API: without it, all services
 * share the administrator's user.
 */
export async function prepareBroker(
  runDirectory: RunDirectory,
  amqpUrl: string,
  managementUrl: string | undefined,
): Promise<BrokerUrls> {
  await applyTopology(amqpUrl);
  if (managementUrl === undefined) return byName(BROKER_USER_NAMES, () => amqpUrl);
  const passwords = byName(BROKER_USER_NAMES, (user) =>
    runDirectory.password(`brokerUser.${user}`),
  );
  const vhost = virtualHostOf(amqpUrl);
  await applyBrokerUsers(managementUrl, vhost, passwords);
  const urlOf = (url: string, user: BrokerUser) =>
    withCredentials(url, brokerUserName(vhost, user), passwords[user]);
  return {
    ...byName(BROKER_USER_NAMES, (user) => urlOf(amqpUrl, user)),
    management: urlOf(managementUrl, 'monitor'),
  };
}

/** The outcome of registering this host. */
export interface HostRegistration {
  readonly fqdn: string;
  /** Whether it was not monitored before, so that it has no backup yet. */
  readonly isNew: boolean;
  /** Why its name cannot be an engine's. */
  readonly refused?: string;
}

/** Registers this host as an engine at the first start only, so that one which was retired since stays retired. */
export async function registerThisHost(
  runDirectory: RunDirectory,
  ownerUrl: string,
): Promise<HostRegistration | undefined> {
  if (runDirectory.recall('registeredHost') !== undefined) return undefined;
  const fqdn = hostname().toLowerCase();
  let refused: string | undefined;
  let isNew = false;
  try {
    isNew = (await registerEngine(ownerUrl, fqdn, 'npm start')).outcome === 'added';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RefusedError') throw error;
    refused = error.message;
  }
  runDirectory.remember('registeredHost', () => fqdn);
  return { fqdn, isNew, ...(refused === undefined ? {} : { refused }) };
}

function byName<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => string,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, string>;
}
