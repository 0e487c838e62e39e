import { hostname } from 'node:os';
import { DATABASE_ROLES, type DatabaseRole } from '@backup-awareness/database/database-role';
import type { RunDirectory } from '@backup-awareness/local-servers';
import {
  BROKER_USER_NAMES,
  brokerUserName,
  type BrokerUser,
} from '@backup-awareness/messaging/broker-users';
import { virtualHostOf, withCredentials } from '@backup-awareness/contracts/plain';
import type { ConsoleAccess } from './preparing-functions.js';
import { openThread, type Thread } from './thread.js';

export type DatabaseUrls = Readonly<Record<DatabaseRole, string>>;
/** AMQP for each user, and the management API for the user that only monitors; undefined where there is none. */
export type BrokerUrls = Readonly<Record<BrokerUser, string>> & {
  readonly management?: string;
};

/** What `npm start` does with a database and a broker before the services start, in a thread of its own. */
export interface Preparation {
  /** Migrates the schema and gives each service its own role. */
  database(ownerUrl: string): Promise<DatabaseUrls>;
  /**
   * Declares the topology and gives each service its own user. That needs the broker's management API: without it, all services
   * share the administrator's user.
   */
  broker(amqpUrl: string, managementUrl: string | undefined): Promise<BrokerUrls>;
  /** Registers this host as an engine at the first start only, so that one which was retired since stays retired. */
  thisHost(ownerUrl: string): Promise<HostRegistration | undefined>;
  /** Whether this host is monitored, and reports of it count whichever broker user sends them. */
  takesTrial(ownerUrl: string): Promise<boolean>;
  /** Makes what signs in at the console: the link is new at each start, the token only if that of the last start is no longer valid. */
  console(ownerUrl: string): Promise<ConsoleAccess>;
  /** Has nobody wait for a destination that was not served for seven days; a notifier would do that. */
  noDestinations(ownerUrl: string): Promise<void>;
  /** Ends what it has not finished. */
  close(): Promise<void>;
}

/** This host as an engine. */
export const thisHost = (): string => hostname().toLowerCase();

/** The outcome of registering this host. */
export interface HostRegistration {
  readonly fqdn: string;
  /** Whether it was not monitored before, so that it has no backup yet. */
  readonly isNew: boolean;
  /** Why its name cannot be an engine's. */
  readonly refused?: string;
}

const CONSOLE_TOKEN = 'consoleToken';

type PreparingFunctions = typeof import('./preparing-functions.js');

/** Its thread starts loading at once, while the servers start. @param say shows a line while something takes longer */
export function openPreparation(
  runDirectory: RunDirectory,
  say: (line: string) => void,
): Preparation {
  const thread = openThread<PreparingFunctions>(
    new URL('./preparing-functions.js', import.meta.url),
    say,
  );
  return {
    database: (ownerUrl) => prepareDatabase(thread, runDirectory, ownerUrl),
    broker: (amqpUrl, managementUrl) => prepareBroker(thread, runDirectory, amqpUrl, managementUrl),
    thisHost: (ownerUrl) => registerThisHost(thread, runDirectory, ownerUrl),
    takesTrial: (ownerUrl) => thread.call('acceptsReportsOfAnyUser', ownerUrl, thisHost()),
    console: (ownerUrl) => openConsole(thread, runDirectory, ownerUrl),
    noDestinations: (ownerUrl) => thread.call('forgetDestinations', ownerUrl),
    close: thread.close,
  };
}

async function prepareDatabase(
  { call }: Thread<PreparingFunctions>,
  runDirectory: RunDirectory,
  ownerUrl: string,
): Promise<DatabaseUrls> {
  await call('applySchema', ownerUrl);
  return call(
    'applyRoles',
    ownerUrl,
    byName(DATABASE_ROLES, (role) => runDirectory.password(`databaseRole.${role}`)),
  );
}

async function prepareBroker(
  { call }: Thread<PreparingFunctions>,
  runDirectory: RunDirectory,
  amqpUrl: string,
  managementUrl: string | undefined,
): Promise<BrokerUrls> {
  await call('applyTopology', amqpUrl);
  if (managementUrl === undefined) return byName(BROKER_USER_NAMES, () => amqpUrl);
  const passwords = byName(BROKER_USER_NAMES, (user) =>
    runDirectory.password(`brokerUser.${user}`),
  );
  const vhost = virtualHostOf(amqpUrl);
  await call('applyBrokerUsers', managementUrl, vhost, passwords);
  const urlOf = (url: string, user: BrokerUser) =>
    withCredentials(url, brokerUserName(vhost, user), passwords[user]);
  return {
    ...byName(BROKER_USER_NAMES, (user) => urlOf(amqpUrl, user)),
    management: urlOf(managementUrl, 'monitor'),
  };
}

async function registerThisHost(
  { call }: Thread<PreparingFunctions>,
  runDirectory: RunDirectory,
  ownerUrl: string,
): Promise<HostRegistration | undefined> {
  if (runDirectory.recall('registeredHost') !== undefined) return undefined;
  const fqdn = thisHost();
  let refused: string | undefined;
  let isNew = false;
  try {
    isNew = (await call('registerEngine', ownerUrl, fqdn, 'npm start')).outcome === 'added';
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'RefusedError') throw error;
    refused = error.message;
  }
  runDirectory.remember('registeredHost', () => fqdn);
  return { fqdn, isNew, ...(refused === undefined ? {} : { refused }) };
}

async function openConsole(
  { call }: Thread<PreparingFunctions>,
  runDirectory: RunDirectory,
  ownerUrl: string,
): Promise<ConsoleAccess> {
  const kept = runDirectory.recall(CONSOLE_TOKEN);
  const access = await call('openConsole', ownerUrl, kept);
  if (access.token !== kept) runDirectory.replace(CONSOLE_TOKEN, access.token);
  return access;
}

function byName<Name extends string>(
  names: readonly Name[],
  value: (name: Name) => string,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, value(name)])) as Record<Name, string>;
}
