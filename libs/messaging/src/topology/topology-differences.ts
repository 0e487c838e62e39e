import {
  APPLY_TOPOLOGY,
  BINDINGS,
  EXCHANGES,
  isNearlyFull,
  KEPT_QUEUES,
  nearlyFullWarning,
  percentFull,
  POLICIES,
  QUEUES,
  type Binding,
  type Queue,
  type TopologyDifference,
  type TopologyNames,
  type TopologyPart,
} from '@backup-awareness/contracts/plain';
import {
  ALL_OBJECTS,
  readBrokerState,
  type BrokerState,
  type BindingState,
} from './broker-state.js';
import {
  BROKER_USER_NAMES,
  brokerUserName,
  OPTIONAL_BROKER_USERS,
  permissionsOf,
  type BrokerUser,
} from './broker-users.js';
import { effectivePolicy, type PolicySetting } from './effective-policy.js';
import { managementApi, type ManagementAddress } from './management-api.js';

export interface TopologyComparison {
  readonly differences: readonly TopologyDifference[];
  /** What affects no message now, but should be looked at. */
  readonly warnings: readonly string[];
  /** False if the management user may not see the permissions of users. */
  readonly areUsersCompared: boolean;
}

/**
 * Compares what lies between a publisher and us with how it has to be: exchanges, queues, bindings, policies, users.
 *
 * @param management of an administrator, or of a user with the tag `management` and any permission, even an empty one, in the virtual host
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function compareTopology(
  management: ManagementAddress,
  vhost: string,
  names: TopologyNames = ALL_OBJECTS,
): Promise<TopologyComparison> {
  const state = await readBrokerState(managementApi(management), vhost, names);
  return {
    differences: [
      ...names.exchanges.flatMap((name) => exchangeDifferences(state, name)),
      ...names.queues.flatMap((name) => queueDifferences(state, vhost, name)),
      ...userDifferences(state, vhost),
    ],
    warnings: names.queues.flatMap((name) => [
      ...foreignBindings(state, name),
      ...fullBytes(state, name),
    ]),
    areUsersCompared: state.users !== undefined,
  };
}

const APPLY_ALL = `${APPLY_TOPOLOGY} --management-url URL`;

function exchangeDifferences({ exchanges }: BrokerState, name: string): TopologyDifference[] {
  const wanted = EXCHANGES.find((exchange) => exchange.name === name);
  const found = exchanges.get(name);
  if (!found) return [absent('exchange', `exchange ${name}`)];
  if (!wanted) return [];
  const mend = `delete it, for example with rabbitmqadmin delete exchange name=${name}, then ${APPLY_TOPOLOGY}`;
  return unequal('exchange', `exchange ${name}`, mend, [
    ['type', wanted.type, found.type],
    ['durable', true, found.durable],
    ['auto-delete', false, found.auto_delete],
    ['internal', false, found.internal],
    ['alternate exchange', wanted.alternateExchange, found.arguments['alternate-exchange']],
  ]);
}

function queueDifferences(state: BrokerState, vhost: string, name: string): TopologyDifference[] {
  const wanted = QUEUES.find((queue) => queue.name === name);
  const found = state.queues.get(name);
  if (!found) return [absent('queue', `queue ${name}`)];
  if (!wanted) return [];
  const mend = `when it is empty: rabbitmqctl -p ${vhost} delete_queue ${name} --if-empty, then ${APPLY_TOPOLOGY}`;
  const keys = new Set([...Object.keys(wanted.arguments), ...Object.keys(found.arguments)]);
  return [
    ...unequal('queue', `queue ${name}`, mend, [
      ['durable', true, found.durable],
      ['auto-delete', false, found.auto_delete],
      ...[...keys].map((key) => [key, argumentOf(wanted, key), argumentOf(found, key)] as Property),
    ]),
    ...missingBindings(state, name),
    ...policyDifferences(state, vhost, name, found.type ?? typeOf(wanted)),
  ];
}

function argumentOf(
  { arguments: its }: Pick<Queue, 'arguments'> | { arguments: object },
  key: string,
): unknown {
  const value = (its as Record<string, unknown>)[key];
  // The default type is classic.
  return key === 'x-queue-type' ? (value ?? 'classic') : value;
}

function typeOf({ arguments: its }: Queue): string {
  return String(its['x-queue-type']);
}

function missingBindings({ bindings }: BrokerState, queue: string): TopologyDifference[] {
  const found = bindings.get(queue) ?? [];
  return BINDINGS.filter((binding) => binding.queue === queue)
    .filter((binding) => !found.some((it) => isBinding(it, binding)))
    .map(({ exchange, routingKey }) =>
      absent('binding', `binding ${routingKey || '(no key)'} of ${exchange} to ${queue}`),
    );
}

/** Others may bind their queues to our exchanges; a binding of theirs into our queue is unexpected. */
function foreignBindings({ bindings }: BrokerState, queue: string): string[] {
  return (bindings.get(queue) ?? [])
    .filter(({ source }) => source !== '')
    .filter((it) => !BINDINGS.some((binding) => binding.queue === queue && isBinding(it, binding)))
    .map(
      ({ source, routing_key }) =>
        `unexpected binding ${routing_key || '(no key)'} of ${source} to ${queue}`,
    );
}

/** Warns by size, which is known only to a broker that collects statistics; TopologyWatch warns by number. */
function fullBytes({ queues }: BrokerState, queue: string): string[] {
  const bytes = KEPT_QUEUES.includes(queue) ? queues.get(queue)?.message_bytes : undefined;
  const percent = percentFull({ messages: 0, bytes });
  return isNearlyFull(percent) ? [nearlyFullWarning(queue, percent)] : [];
}

function isBinding(found: BindingState, wanted: Binding): boolean {
  return found.source === wanted.exchange && found.routing_key === wanted.routingKey;
}

/** What makes messages expire, overflow or go elsewhere; any other setting of a policy is the administrator's choice. */
const DECISIVE = [
  'message-ttl',
  'expires',
  'max-length',
  'max-length-bytes',
  'overflow',
  'delivery-limit',
  'dead-letter-exchange',
  'dead-letter-routing-key',
  'dead-letter-strategy',
];

function policyDifferences(
  { policies, operatorPolicies, queues }: BrokerState,
  vhost: string,
  name: string,
  type: string,
): TopologyDifference[] {
  const ours = POLICIES.find(({ pattern }) => new RegExp(pattern).test(name));
  if (!ours) return [];
  const effective = effectivePolicy({ name, type }, policies, operatorPolicies);
  const reported = queues.get(name)?.effective_policy_definition;
  return DECISIVE.flatMap((key) => {
    const setting = effective.get(key);
    const mend = remedyFor(setting, effective, ours.name, vhost);
    return unequal('policy', `queue ${name}: policy`, mend, [
      [key, ours.definition[key], reported ? reported[key] : setting?.value],
    ]);
  });
}

/** Removes the policy that the setting comes from or that overrides ours, or creates ours. */
function remedyFor(
  setting: PolicySetting | undefined,
  effective: ReadonlyMap<string, PolicySetting>,
  ours: string,
  vhost: string,
): string {
  const cause = setting ?? [...effective.values()].find(({ isOperators }) => !isOperators);
  if (cause?.isOperators)
    return `set by the operator policy ${cause.policy}: rabbitmqctl -p ${vhost} clear_operator_policy ${cause.policy}`;
  return cause === undefined || cause.policy === ours
    ? APPLY_ALL
    : `set by the policy ${cause.policy}: give it a lower priority, or rabbitmqctl -p ${vhost} clear_policy ${cause.policy}`;
}

const OPTIONAL: readonly BrokerUser[] = OPTIONAL_BROKER_USERS;

function userDifferences({ users }: BrokerState, vhost: string): TopologyDifference[] {
  if (!users) return [];
  return BROKER_USER_NAMES.flatMap((user) => {
    const found = users.get(user)!;
    if (!found.permissions && OPTIONAL.includes(user)) return [];
    const { configure, write, read, topics } = permissionsOf(user);
    const name = brokerUserName(vhost, user);
    const topicsOf = (its: { exchange: string; write: string; read: string } | undefined) =>
      its && `${its.exchange} write ${its.write} read ${its.read}`;
    return unequal('user', `broker user ${name}`, APPLY_ALL, [
      ['configure', configure, found.permissions?.configure],
      ['write', write, found.permissions?.write],
      ['read', read, found.permissions?.read],
      ...[...new Set([topics?.exchange, ...found.topics.map(({ exchange }) => exchange)])]
        .filter((exchange) => exchange !== undefined)
        .map(
          (exchange) =>
            [
              'topic permission',
              topicsOf(topics?.exchange === exchange ? topics : undefined),
              topicsOf(found.topics.find((it) => it.exchange === exchange)),
            ] as Property,
        ),
    ]);
  });
}

function absent(part: TopologyPart, what: string): TopologyDifference {
  return { part, what, expected: 'to exist', got: 'none', mend: APPLY_TOPOLOGY };
}

type Property = readonly [name: string, expected: unknown, got: unknown];

function unequal(
  part: TopologyPart,
  what: string,
  mend: string,
  properties: readonly Property[],
): TopologyDifference[] {
  return properties
    .filter(([, expected, got]) => expected !== got)
    .map(([name, expected, got]) => ({
      part,
      what: `${what}: ${name}`,
      expected: shown(expected),
      got: shown(got),
      mend,
    }));
}

function shown(value: unknown): string {
  return value === undefined ? 'none' : String(value);
}
