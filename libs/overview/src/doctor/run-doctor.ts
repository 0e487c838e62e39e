import { errorText } from '@backup-awareness/contracts/plain';
import { sqlState } from '@backup-awareness/database/connection';
import { checkOf, DOCTOR_CHECKS, failed, skipped } from './check.js';
import type { DoctorCheck, DoctorCheckName, Observation } from './check.js';
import * as broker from './checks/broker-checks.js';
import * as database from './checks/database-checks.js';
import { checkDisk } from './checks/disk-checks.js';
import * as flow from './checks/flow-checks.js';
import { checkReporters } from './checks/reporters-check.js';
import * as services from './checks/service-checks.js';
import * as time from './checks/time-checks.js';
import { checkTlsExpiry } from './checks/tls-checks.js';
import { fact } from './facts.js';
import { looksAt, NotConfigured, type Looks } from './looks/looks.js';
import type { DoctorTarget } from './target.js';

const CHECKS: Readonly<Record<DoctorCheckName, (looks: Looks) => Promise<Observation[]>>> = {
  database: database.checkDatabase,
  migrations: database.checkMigrations,
  roles: database.checkRoles,
  clock: time.checkClock,
  broker: broker.checkBroker,
  topology: broker.checkTopology,
  bindings: broker.checkBindings,
  users: broker.checkUsers,
  permissions: broker.checkPermissions,
  policies: broker.checkPolicies,
  services: services.checkServices,
  'last-check': time.checkLastCheck,
  lag: flow.checkLag,
  outbox: flow.checkOutbox,
  'dead-letters': flow.checkDeadLetters,
  unrouted: flow.checkUnrouted,
  'tls-expiry': checkTlsExpiry,
  'broker-alarms': broker.checkAlarms,
  disk: checkDisk,
  reporters: checkReporters,
  versions: services.checkVersions,
  notifications: flow.checkNotifications,
};

/** More than the time-outs of what a check asks: only something that hangs in an unknown way reaches it. */
const CHECK_WITHIN_MS = 20_000;

/** Makes all checks at the same time, and changes nothing. Never throws, and never hangs: a check that cannot look says why. */
export async function runDoctor(target: DoctorTarget): Promise<DoctorCheck[]> {
  const looks = looksAt(target);
  return Promise.all(
    DOCTOR_CHECKS.map(async (name) => {
      const observations = await within(CHECK_WITHIN_MS, CHECKS[name](looks)).catch(notLooked);
      return checkOf(name, observations);
    }),
  );
}

class NoAnswer extends Error {}

async function within<T>(ms: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswer()), ms);
  });
  return Promise.race([work, tooLate]).finally(() => clearTimeout(timer));
}

const DENIED = '42501';
/** A table or a column does not exist. */
const INCOMPLETE = ['42P01', '42703', '42883'];

/** What stands in the way of a check. Errors of other packages are known by their names. */
function notLooked(error: unknown): Observation[] {
  const { name, cause } = error as Error;
  const text = errorText(error);
  if (error instanceof NotConfigured)
    return [
      skipped(fact('not_configured', { variable: error.variable }), {
        kind: 'set_variables',
        names: [error.variable],
      }),
    ];
  if (error instanceof NoAnswer)
    return [
      failed(fact('no_answer', { seconds: CHECK_WITHIN_MS / 1_000 }), { kind: 'see_reason' }),
    ];
  if (name === 'DatabaseUnreachable' || name === 'DatabaseTimeoutError')
    return [skipped(fact('server_away', { product: 'PostgreSQL' }))];
  if (name === 'NotConnected') return [skipped(fact('server_away', { product: 'RabbitMQ' }))];
  if (name === 'ManagementUnreachable') return [skipped(fact('management_away', { error: text }))];
  const state = sqlState(error) ?? sqlState(cause);
  if (state === DENIED || name === 'ManagementRefused')
    return [skipped(fact('permission_denied', { error: text }), { kind: 'as_administrator' })];
  if (state !== undefined && INCOMPLETE.includes(state))
    return [
      skipped(fact('schema_incomplete', { error: text }), {
        kind: 'see_check',
        check: 'migrations',
      }),
    ];
  return [failed(fact('unexpected_error', { error: text }), { kind: 'see_reason' })];
}
