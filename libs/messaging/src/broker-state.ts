import { EXCHANGES, QUEUES, type TopologyNames } from '@backup-awareness/contracts/plain';
import { BROKER_USER_NAMES, brokerUserName, type BrokerUser } from './broker-users.js';
import type { ManagementApi } from './management-api.js';
import { ManagementRefused } from './management-api.js';

type Definition = Readonly<Record<string, unknown>>;

/** Of an exchange or a queue, as the management API tells it. */
export interface StateOfExchange {
  readonly type: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly internal: boolean;
  readonly arguments: Definition;
}

export interface StateOfQueue {
  readonly type?: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly arguments: Definition;
  /** Told by a broker that collects statistics only, as is how full a queue is. */
  readonly effective_policy_definition?: Definition;
  readonly message_bytes?: number;
}

export interface StateOfBinding {
  readonly source: string;
  readonly routing_key: string;
  readonly arguments: Definition;
}

export interface StateOfPolicy {
  readonly name: string;
  readonly pattern: string;
  readonly 'apply-to': string;
  readonly priority: number;
  readonly definition: Definition;
}

export interface StateOfUser {
  /** Undefined where it has none in this virtual host. */
  readonly permissions: Readonly<Record<'configure' | 'write' | 'read', string>> | undefined;
  readonly topics: readonly Readonly<Record<'exchange' | 'write' | 'read', string>>[];
}

/** How what we need is made at the broker; undefined is what is not there. */
export interface BrokerState {
  readonly exchanges: ReadonlyMap<string, StateOfExchange | undefined>;
  readonly queues: ReadonlyMap<string, StateOfQueue | undefined>;
  /** What leads into each queue. */
  readonly bindings: ReadonlyMap<string, readonly StateOfBinding[]>;
  readonly policies: readonly StateOfPolicy[];
  readonly operatorPolicies: readonly StateOfPolicy[];
  /** Undefined where who asks may not know: only an administrator may. */
  readonly users: ReadonlyMap<BrokerUser, StateOfUser> | undefined;
}

export const ALL_OBJECTS: TopologyNames = {
  exchanges: EXCHANGES.map(({ name }) => name),
  queues: QUEUES.map(({ name }) => name),
};

/** Queues each by its name, since others may keep thousands at the broker. @throws as `managementApi` says */
export async function readBrokerState(
  api: ManagementApi,
  vhost: string,
  { exchanges, queues }: TopologyNames,
): Promise<BrokerState> {
  const at = encodeURIComponent(vhost);
  const ofQueues = async (below = '') =>
    new Map(
      await Promise.all(
        queues.map(async (name) => {
          const state = await api.get(`queues/${at}/${encodeURIComponent(name)}${below}`);
          return [name, state] as const;
        }),
      ),
    );
  const [allExchanges, stateOfQueues, bindings, policies, operatorPolicies, users] =
    await Promise.all([
      // A broker that collects no statistics (3.10) fails when it is asked for a single one.
      api.get(`exchanges/${at}`) as Promise<(StateOfExchange & { readonly name: string })[]>,
      ofQueues(),
      ofQueues('/bindings'),
      api.get(`policies/${at}`),
      api.get(`operator-policies/${at}`),
      readUsers(api, vhost),
    ]);
  return {
    exchanges: new Map(
      exchanges.map((name) => [name, allExchanges.find((exchange) => exchange.name === name)]),
    ),
    queues: stateOfQueues as Map<string, StateOfQueue | undefined>,
    bindings: new Map([...bindings].map(([name, its]) => [name, (its ?? []) as StateOfBinding[]])),
    policies: (policies ?? []) as StateOfPolicy[],
    operatorPolicies: (operatorPolicies ?? []) as StateOfPolicy[],
    users,
  };
}

async function readUsers(api: ManagementApi, vhost: string): Promise<BrokerState['users']> {
  const at = encodeURIComponent(vhost);
  try {
    const entries = BROKER_USER_NAMES.map(async (user) => {
      const name = encodeURIComponent(brokerUserName(vhost, user));
      const permissions = await api.get(`permissions/${at}/${name}`);
      const topics = (await api.get(`topic-permissions/${at}/${name}`)) ?? [];
      return [user, { permissions, topics } as StateOfUser] as const;
    });
    return new Map(await Promise.all(entries));
  } catch (error) {
    if (error instanceof ManagementRefused && isForbidden(error)) return undefined;
    throw error;
  }
}

function isForbidden({ status }: ManagementRefused): boolean {
  return status === 401 || status === 403;
}
