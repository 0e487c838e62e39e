import {
  APPLY_TOPOLOGY,
  BINDINGS,
  errorText,
  placeOf,
  POLICIES,
  virtualHostOf,
  withCredentials,
  type Certificates,
  type TopologyDifference,
  type TopologyPart,
} from '@backup-awareness/contracts/plain';
import { finding } from '../../judgement/findings.js';
import { failed, ok, skipped, warning, type Observation } from '../check.js';
import { fact, type ComparedPart } from '../facts.js';
import { OBJECTS } from '../looks/broker-look.js';
import type { Looks } from '../looks/looks.js';
import { command, type Remedy } from '../remedy.js';
import { loginsNotTried } from './logins.js';

const APPLY = command(APPLY_TOPOLOGY);
const GIVE_MANAGEMENT: Remedy = { kind: 'set_variables', names: ['AMQP_MANAGEMENT_URL'] };

/** Why there is nothing to compare with. */
function noManagement(): Observation {
  return skipped(fact('not_configured', { variable: 'AMQP_MANAGEMENT_URL' }), GIVE_MANAGEMENT);
}

/** The broker answers the administrator. */
export async function checkBroker(looks: Looks): Promise<Observation[]> {
  const url = looks.amqpUrl();
  try {
    const { version = 'unknown' } = await looks.broker();
    return [ok(fact('server_found', { product: 'RabbitMQ', version, place: placeOf(url) }))];
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NotConnected')) throw error;
    const unreachable = { host: new URL(url).host, error: errorText(error.cause) };
    return [
      failed(finding('broker_unreachable', unreachable, {}), {
        kind: 'start_server',
        product: 'RabbitMQ',
        variable: 'AMQP_URL',
      }),
    ];
  }
}

/** Exchanges and queues exist, and have the required properties. */
export async function checkTopology(looks: Looks): Promise<Observation[]> {
  const { missing } = await looks.broker();
  if (missing.length > 0)
    return missing.map((what) => failed(fact('topology_missing', { what }), APPLY));
  const comparison = await looks.comparison();
  if (!comparison) return [skipped(fact('topology_exists', OBJECTS), GIVE_MANAGEMENT)];
  const count = OBJECTS.exchanges + OBJECTS.queues;
  return [
    ...comparison.differences
      .filter(({ part }) => part === 'exchange' || part === 'queue')
      .map(differs),
    ok(fact('topology_as_required', { part: 'objects', count })),
  ];
}

/** Every binding exists, and no other leads into our queues. */
export async function checkBindings(looks: Looks): Promise<Observation[]> {
  const comparison = await looks.comparison();
  if (!comparison) return [noManagement()];
  return [
    ...differencesOf('binding', comparison.differences),
    ...absentObjects(comparison.differences),
    ...comparison.warnings.map((text) =>
      warning(finding('topology_warning', { warning: text }, {}), { kind: 'see_reason' }),
    ),
    asRequired('bindings', BINDINGS.length),
  ];
}

/** Each service's user may do what its service has to do, and nothing else. */
export async function checkPermissions(looks: Looks): Promise<Observation[]> {
  if (looks.target.isBrokerUserShared) return [skipped(fact('users_shared', {}), GIVE_MANAGEMENT)];
  const comparison = await looks.comparison();
  if (!comparison) return [noManagement()];
  if (!comparison.areUsersCompared)
    return [skipped(fact('users_unseen', {}), { kind: 'as_administrator' })];
  const { BROKER_USER_NAMES } = await import('@backup-awareness/messaging/health');
  return [
    ...differencesOf('user', comparison.differences),
    asRequired('permissions', BROKER_USER_NAMES.length),
  ];
}

/** Nothing expires, overflows or goes elsewhere than it has to. */
export async function checkPolicies(looks: Looks): Promise<Observation[]> {
  const comparison = await looks.comparison();
  if (!comparison) return [noManagement()];
  return [
    ...differencesOf('policy', comparison.differences),
    ...absentObjects(comparison.differences),
    asRequired('policies', POLICIES.length),
  ];
}

function asRequired(part: ComparedPart, count: number): Observation {
  return ok(fact('topology_as_required', { part, count }));
}

function differencesOf(
  part: TopologyPart,
  differences: readonly TopologyDifference[],
): Observation[] {
  return differences.filter((one) => one.part === part).map(differs);
}

/** Of what does not exist neither bindings nor policies can be compared. */
function absentObjects(differences: readonly TopologyDifference[]): Observation[] {
  const isAbsent = ({ part, expected }: TopologyDifference) =>
    (part === 'exchange' || part === 'queue') && expected === 'to exist';
  return differences
    .filter(isAbsent)
    .map(({ what }) =>
      skipped(fact('topology_missing', { what }), { kind: 'see_check', check: 'topology' }),
    );
}

function differs(difference: TopologyDifference): Observation {
  const { mend } = difference;
  return failed(
    finding('topology_differs', { difference }, {}),
    // The management API that the doctor has been given, the command has been given as well.
    mend.startsWith(APPLY_TOPOLOGY) ? APPLY : { kind: 'as_told', text: mend },
  );
}

/** Each service can log in as its user. */
export async function checkUsers(looks: Looks): Promise<Observation[]> {
  const { target } = looks;
  if (target.isBrokerUserShared) return [skipped(fact('users_shared', {}), GIVE_MANAGEMENT)];
  const url = looks.amqpUrl();
  await looks.broker();
  const { BROKER_USER_NAMES, brokerUserName } = await import('@backup-awareness/messaging/health');
  const nameOf = (user: (typeof BROKER_USER_NAMES)[number]) =>
    brokerUserName(virtualHostOf(url), user);
  const { known, optional } = target.brokerPasswords;
  const tried = BROKER_USER_NAMES.filter((user) => known[user] !== undefined);
  const untried = BROKER_USER_NAMES.filter((user) => known[user] === undefined).map(nameOf);
  const existing = untried.length > 0 ? await userNames(looks) : undefined;
  const logins = await Promise.all(
    tried.map((user) =>
      tryLogin(withCredentials(url, nameOf(user), known[user]!), target.brokerTls),
    ),
  );
  return [
    ...logins.flat(),
    ...untried
      .filter((user) => !optional.map(nameOf).includes(user))
      .filter((user) => existing && !existing.includes(user))
      .map((user) => failed(fact('user_missing', { user }), APPLY)),
    ...loginsNotTried(BROKER_USER_NAMES, target.brokerPasswords, nameOf),
    ...(tried.length > 0 ? [ok(fact('logins_accepted', { users: tried.map(nameOf) }))] : []),
  ];
}

async function tryLogin(url: string, tls?: Certificates): Promise<Observation[]> {
  const { onBroker } = await import('@backup-awareness/messaging/session');
  try {
    await onBroker(url, 'backup-awareness doctor', async () => undefined, tls);
    return [];
  } catch (error) {
    if (!(error instanceof Error && error.name === 'NotConnected')) throw error;
    const user = decodeURIComponent(new URL(url).username);
    return [failed(fact('login_refused', { user, error: errorText(error.cause) }), APPLY)];
  }
}

/** The broker's users; undefined if the doctor may not see them. */
export async function userNames({ target }: Looks): Promise<string[] | undefined> {
  if (target.management === undefined) return undefined;
  const { readUserNames } = await import('@backup-awareness/messaging/health');
  return readUserNames(target.management).catch(() => undefined);
}

/** No alarm blocks publishers. */
export async function checkAlarms({ target }: Looks): Promise<Observation[]> {
  if (target.management === undefined) return [noManagement()];
  const { readBrokerAlarms } = await import('@backup-awareness/messaging/health');
  const alarms = await readBrokerAlarms(target.management);
  if (alarms.length === 0) return [ok(fact('no_alarms', {}))];
  return alarms.map(({ node, resource }) =>
    failed(fact('broker_alarm', { node, resource }), { kind: 'end_alarm', resource }),
  );
}
