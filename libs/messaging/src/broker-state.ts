import { EXCHANGES, QUEUES, type TopologyNames } from '@backup-awareness/contracts';
import { BROKER_USER_NAMES, brokerUserName, type BrokerUser } from './broker-users.js';
import type { ManagementApi } from './management-api.js';
import { ManagementRefused } from './management-api.js';

type Definition = Readonly<Record<string, unknown>>;

/** An exchange as the management API describes it; likewise a queue and so on below. */
export interface ExchangeState {
  readonly type: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly internal: boolean;
  readonly arguments: Definition;
}

export interface QueueState {
  readonly type?: string;
  readonly durable: boolean;
  readonly auto_delete: boolean;
  readonly arguments: Definition;
  /** Like `message_bytes`, known only to a broker that collects statistics. */
  readonly effective_policy_definition?: Definition;
  readonly message_bytes?: number;
}

export interface BindingState {
  readonly source: string;
  readonly routing_key: string;
  readonly arguments: Definition;
}

export interface PolicyState {
  readonly name: string;
  readonly pattern: string;
  readonly 'apply-to': string;
  readonly priority: number;
  readonly definition: Definition;
}

export interface UserState {
  /** Undefined if the user has none in this virtual host. */
  readonly permissions: Readonly<Record<'configure' | 'write' | 'read', string>> | undefined;
  readonly topics: readonly Readonly<Record<'exchange' | 'write' | 'read', string>>[];
}

/** The state of our objects at the broker; undefined for one that does not exist. */
export interface BrokerState {
  readonly exchanges: ReadonlyMap<string, ExchangeState | undefined>;
  readonly queues: ReadonlyMap<string, QueueState | undefined>;
  /** By queue. */
  readonly bindings: ReadonlyMap<string, readonly BindingState[]>;
  readonly policies: readonly PolicyState[];
  readonly operatorPolicies: readonly PolicyState[];
  /** Undefined unless an administrator asks. */
  readonly users: ReadonlyMap<BrokerUser, UserState> | undefined;
}

export const ALL_OBJECTS: TopologyNames = {
  exchanges: EXCHANGES.map(({ name }) => name),
  queues: QUEUES.map(({ name }) => name),
};

/** Asks for each queue by name, since the broker may hold thousands of others. @throws as the functions of `managementApi` do */
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
  const [allExchanges, queueStates, bindings, policies, operatorPolicies, users] =
    await Promise.all([
      // A broker that collects no statistics (3.10) fails when asked for a single exchange.
      api.get(`exchanges/${at}`) as Promise<(ExchangeState & { readonly name: string })[]>,
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
    queues: queueStates as Map<string, QueueState | undefined>,
    bindings: new Map([...bindings].map(([name, its]) => [name, (its ?? []) as BindingState[]])),
    policies: (policies ?? []) as PolicyState[],
    operatorPolicies: (operatorPolicies ?? []) as PolicyState[],
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
      return [user, { permissions, topics } as UserState] as const;
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
