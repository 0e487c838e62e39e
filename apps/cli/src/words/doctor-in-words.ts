import { ageInWords } from '@backup-awareness/freshness';
import type {
  DoctorCheck,
  DoctorFact,
  DoctorFactKind,
  DoctorFactOf,
  Observation,
  Remedy,
} from '@backup-awareness/overview/doctor';
import type { Finding } from '@backup-awareness/overview/judgement';
import { reasonOf } from '../output/failure.js';
import { count, some } from '@backup-awareness/overview/words';
import { findingsInWords, isFinding } from './findings-in-words.js';
import { localTime } from './local-time.js';

/** What a check has found, in sentences, without any password; and what helps. */
export function checkInWords({ observations }: DoctorCheck): {
  readonly detail: string;
  readonly remedy: string | null;
} {
  const facts = observations.map(({ fact }) => fact);
  const kinds = [...new Set(facts.map(({ kind }) => kind))];
  const sentences = kinds.flatMap((kind) => inWords(kind, facts));
  return { detail: reasonOf(sentences.join('; ')), remedy: remedyOf(observations) };
}

/** That what was not examined is unknown, so that a doctor who saw little does not seem to find all well; undefined if all was examined. */
export function skippedInWords(checks: readonly Pick<DoctorCheck, 'state'>[]): string | undefined {
  const skipped = checks.filter(({ state }) => state === 'skipped').length;
  if (skipped === 0) return undefined;
  return skipped === checks.length
    ? 'Every check was skipped: nothing is known of this installation.'
    : `${skipped} of ${count(checks.length, 'check')} ${skipped === 1 ? 'was' : 'were'} skipped: what they examine is unknown.`;
}

/** More in one line would help nobody: the doctor can be asked again. */
const COMMANDS_MAX = 10;

/** Every remedy once. Commands can be run as they are, one after the other, if there is nothing else to do. */
function remedyOf(observations: readonly Observation[]): string | null {
  const remedies = observations.flatMap(({ remedy }) => remedy ?? []);
  const texts = [...new Set(remedies.map(remedyInWords))];
  if (texts.length === 0) return null;
  const areCommands = remedies.every(({ kind }) => kind === 'command');
  return reasonOf(areCommands ? texts.slice(0, COMMANDS_MAX).join(' && ') : some(texts, '; '));
}

function inWords<Kind extends DoctorFactKind>(
  kind: Kind,
  facts: readonly DoctorFact[],
): readonly string[] {
  const all = facts.filter((one): one is DoctorFactOf<Kind> => one.kind === kind);
  if (isFinding(kind)) return findingsInWords(all as unknown as readonly Finding[], Date.now());
  const sentence = SENTENCES[kind as OwnKind] as (of: readonly DoctorFactOf<Kind>[]) => string;
  return [sentence(all)];
}

type OwnKind = Exclude<DoctorFactKind, Finding['kind']>;

type Sentences = {
  readonly [Kind in OwnKind]: (all: readonly DoctorFactOf<Kind>[]) => string;
};

const SENTENCES: Sentences = {
  not_configured: each(({ variable }) => `${variable} is not set`),
  server_away: each(({ product }) => `${product} cannot be reached`),
  permission_denied: each(({ error }) => `this user may not look: ${reasonOf(error)}`),
  schema_incomplete: each(({ error }) => `the schema is incomplete: ${reasonOf(error)}`),
  management_away: each(({ error }) => reasonOf(error)),
  no_answer: each(({ seconds }) => `no answer within ${seconds} s`),
  unexpected_error: each(({ error }) => reasonOf(error)),

  server_found: each(({ product, version, place }) => `${product} ${version} at ${place}`),
  database_unreachable: each(
    ({ place, error }) => `cannot reach the database at ${place}: ${reasonOf(error)}`,
  ),
  session_unfit: each(({ reason }) => reason),
  migrations_applied: () => 'all migrations are applied',
  migrations_pending: each(
    ({ names }) => `${count(names.length, 'migration')} missing: ${some(names)}`,
  ),
  roles_as_required: each(
    ({ roles }) => `${some(roles)}: each may do what it has to do, and nothing else`,
  ),
  role_differs: (all) => some(all.map(({ parameters }) => roleDifference(parameters.difference))),
  login_refused: (all) =>
    some(all.map(({ parameters: { user, error } }) => `${user} cannot log in: ${reasonOf(error)}`)),
  logins_accepted: each(({ users }) => `${some(users)}: each can log in`),
  logins_not_tried: each(
    ({ users }) => `the logins of ${some(users)} were not tried: their passwords are unknown`,
  ),
  clocks_agree: each(
    ({ differenceMs }) =>
      `the clocks of the database and of this machine agree (${(Math.abs(differenceMs) / 1_000).toFixed(1)} s apart)`,
  ),
  clocks_differ: each(
    ({ differenceMs }) =>
      `the clock of the database is ${ageInWords(Math.abs(differenceMs))} ${differenceMs > 0 ? 'ahead of' : 'behind'} that of this machine`,
  ),

  topology_as_required: each(({ part, count: many }) => `${PARTS[part](many)} as required`),
  topology_exists: each(
    ({ exchanges, queues }) =>
      `all ${exchanges} exchanges and ${queues} queues exist; their properties were not compared: AMQP_MANAGEMENT_URL is not set`,
  ),
  topology_missing: (all) => `missing: ${some(all.map(({ parameters }) => parameters.what))}`,
  users_unseen: () => 'only an administrator of the broker may see the permissions of users',
  user_missing: (all) =>
    `the broker has no user ${some(all.map(({ parameters }) => parameters.user))}`,
  users_shared: () =>
    'all services share the user of AMQP_URL, since AMQP_MANAGEMENT_URL was not set when they started: reports of different hosts cannot be told apart',
  no_alarms: () => 'no alarm is in force',
  broker_alarm: (all) =>
    `the broker blocks all publishers: ${some(all.map(({ parameters: { node, resource } }) => `${resource} alarm of ${node}`))}`,

  services_unknown: () => 'it is unknown where the services are: SERVICE_URLS is not set',
  services_ready: each(({ names }) => `${names.join(', ')}: ready`),
  check_in_time: each(
    (_, { lastCheckAt, nextCheckAt }) =>
      `the last check was at ${localTime(lastCheckAt)}, the next is at ${localTime(nextCheckAt)}`,
  ),
  queues_consumed: each(
    ({ messages }) => `all queues are consumed, ${count(messages, 'message')} waiting`,
  ),
  queue_unconsumed: (all) =>
    some(
      all.map(
        ({ parameters: { queue, messages } }) =>
          `${queue} has no consumer, and ${count(messages, 'message')} waiting`,
      ),
    ),
  queue_behind: (all) =>
    some(
      all.map(
        ({ parameters: { queue, messages } }) =>
          `${count(messages, 'message')} waiting in ${queue}`,
      ),
    ),
  reports_unstored: (all) =>
    `reports are in the audit log and not stored by ingest, so they do not count: ${some(all.map(({ parameters: { fqdn, count: many, latestId } }) => `${fqdn}: ${many}, the latest ${latestId}`))}`,
  outbox_flows: each(({ pending }) => `${count(pending, 'event')} pending, none set aside`),
  no_dead_letters: () => 'no dead letters',
  none_unrouted: () => 'no unrouted messages',
  no_tls: () => 'no TLS is used to reach broker and database',
  certificate: (all) =>
    some(
      all.map(
        ({ parameters: { of }, instants: { expiresAt } }) =>
          `the certificate of ${of} ${expiresAt > Date.now() ? `expires in ${ageInWords(expiresAt - Date.now())}` : 'has expired'} (${localTime(expiresAt)})`,
      ),
    ),
  certificate_not_yet_valid: each(
    ({ of }, { validFromAt }) =>
      `the certificate of ${of} is not valid before ${localTime(validFromAt)}`,
  ),
  certificate_unseen: each(
    ({ of, error }) => `the certificate of ${of} cannot be seen: ${reasonOf(error)}`,
  ),
  space: (all) =>
    all
      .map(
        ({ parameters: { place, path, freeBytes } }) =>
          `${place}${path === null ? '' : ` ${path}`}: ${bytesInWords(freeBytes)} free`,
      )
      .join(', '),
  space_unknown: (all) =>
    `the free space of the ${all.map(({ parameters }) => parameters.place).join(' and the ')} cannot be seen from here`,

  reporters_fine: each(
    ({ engines }) => `${count(engines, 'monitored engine')}, nothing wrong with what they report`,
  ),
  host_clock_ahead: (all) =>
    `the clock of the host is ahead: ${some(all.map(({ parameters: { fqdn, aheadMs } }) => `${fqdn} (${ageInWords(aheadMs)})`))}`,
  host_clock_behind: (all) =>
    `the clock of the host is behind, or its reports are delivered late: ${some(all.map(({ parameters: { fqdn, behindMs } }) => `${fqdn} (${ageInWords(behindMs)})`))}`,
  engine_claimed: (all) =>
    some(
      all.map(
        ({ parameters: { fqdn, users } }) =>
          `${fqdn} is claimed by several broker users: ${some(users)}`,
      ),
    ),
  reporter_differs: (all) =>
    some(
      all.map(
        ({ parameters: { fqdn, brokerUser, reportedBy } }) =>
          `the latest report about ${fqdn} came from ${reportedBy ?? 'an unknown user'}, not from its broker user ${brokerUser}`,
      ),
    ),
  reporter_missing: (all) =>
    some(
      all.map(
        ({ parameters: { fqdn, brokerUser } }) =>
          `the broker has no user ${brokerUser}, which ${fqdn} has to report as`,
      ),
    ),
  never_reported: (all) =>
    `no report ever came from ${some(all.map(({ parameters }) => parameters.fqdn))}`,
  versions_fine: each(({ version, products }) =>
    [`backup-awareness ${version}`, ...products].join(', '),
  ),
  service_version_differs: (all) =>
    some(
      all.map(
        ({ parameters: { name, version, own } }) =>
          `${name} ${version === null ? 'tells no version, so it is earlier than' : `is version ${version}, not`} ${own}`,
      ),
    ),
  service_version_unknown: (all) =>
    `${some(all.map(({ parameters }) => parameters.name))} did not tell the version`,
  version_too_old: each(
    ({ product, version, supported }) =>
      `${product} ${version} is not supported: expected ${supported}`,
  ),
  version_too_new: each(
    ({ product, version, supported }) =>
      `${product} ${version} is later than what is supported: ${supported}`,
  ),

  no_destinations: () => 'nobody is notified: no destination is configured',
  destinations_told: each(({ names }) => `no destination fails: ${names.join(', ')}`),
};

const PARTS: Readonly<
  Record<DoctorFactOf<'topology_as_required'>['parameters']['part'], (count: number) => string>
> = {
  objects: (many) => `${many} exchanges and queues are`,
  bindings: (many) => `${many} bindings are`,
  permissions: (many) => `the permissions of ${many} users are`,
  policies: (many) => `${many} policies are`,
};

/** A sentence for each fact. */
function each<Parameters, Instants>(
  sentence: (parameters: Parameters, instants: Instants) => string,
): (all: readonly { readonly parameters: Parameters; readonly instants: Instants }[]) => string {
  return (all) => all.map(({ parameters, instants }) => sentence(parameters, instants)).join('; ');
}

function roleDifference({
  role,
  kind,
  privilege,
}: DoctorFactOf<'role_differs'>['parameters']['difference']): string {
  switch (kind) {
    case 'missing_role':
      return `the role ${role} does not exist`;
    case 'missing_privilege':
      return `${role} lacks ${privilege}`;
    case 'unexpected_privilege':
      return `${role} has ${privilege}, and should not`;
  }
}

const MIB = 1024 * 1024;

function bytesInWords(bytes: number): string {
  const mib = Math.floor(bytes / MIB);
  return mib < 1024 ? `${mib} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

function remedyInWords(remedy: Remedy): string {
  switch (remedy.kind) {
    case 'command':
      return remedy.command;
    case 'as_told':
      return remedy.text;
    case 'start_server':
      return `start ${remedy.product}, or correct ${remedy.variable}; npm start restarts its own by itself, and its log tells why if it does not`;
    case 'start_service':
      return `start ${remedy.name}; npm start restarts it by itself, and its log (RUN_DIR/logs/${remedy.name}.log) tells why if it does not`;
    case 'see_reason':
      return 'remove the cause that the detail names';
    case 'see_check':
      return `see the check ${remedy.check}`;
    case 'set_variables':
      return `set ${remedy.names.join(', ')} (or …_FILE)`;
    case 'as_administrator':
      return 'run this as the owner of the database and with the administrator of the broker';
    case 'name_services':
      return 'set SERVICE_URLS, such as ingest=http://ingest:8080,audit=http://audit:8080';
    case 'set_clock':
      return `correct the clock that is wrong, and have it kept right (NTP)${remedy.then === undefined ? '' : `; if it was wrong before and is right now, ${remedy.then}`}`;
    case 'set_host_clock':
      return `correct the clock of ${remedy.fqdn}, and have it kept right (NTP)`;
    case 'renew_certificate':
      return `renew the certificate of ${remedy.of}, and have whatever uses it read it again`;
    case 'end_alarm':
      return remedy.resource === 'disk'
        ? 'free disk space at the broker; the alarm ends by itself'
        : remedy.resource === 'memory'
          ? 'give the broker more memory, or remove what fills its queues; the alarm ends by itself'
          : `see the log of the broker about its ${remedy.resource}`;
    case 'free_space':
      return `free disk space: ${remedy.place}`;
    case 'on_host':
      return `on ${remedy.fqdn}, run ${remedy.command}`;
    case 'upgrade':
      return `use a supported version of ${remedy.product}`;
    case 'restart_services':
      return 'restart the services: stop npm start, and run it again';
    case 'report_again':
      return 'replay dead letters of ingest (backup-awareness dead-letters list --queue ingest); a report that is none: send it again (engine-backup-shim log-event)';
    case 'start_notifier':
      return 'start its notifier; if the destination is no longer wanted: backup-awareness destinations forget NAME';
    case 'see_destination':
      return `correct the configuration of ${remedy.destination}, or the destination itself`;
  }
}
