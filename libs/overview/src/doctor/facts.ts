import type { RoleDifference } from '@backup-awareness/database/schema';
import type { Fact, Finding } from '../judgement/findings.js';

type None = Record<never, never>;

/** The parts of the topology that a check compares. */
export type ComparedPart = 'objects' | 'bindings' | 'permissions' | 'policies';

/** What the doctor has found. Where `check` asks the same question, it is its finding. */
export type DoctorFact =
  | Finding
  // Why it could not look.
  | Fact<'not_configured', { variable: string }>
  | Fact<'server_away', { product: 'PostgreSQL' | 'RabbitMQ' }>
  | Fact<'permission_denied', { error: string }>
  | Fact<'schema_incomplete', { error: string }>
  | Fact<'management_away', { error: string }>
  | Fact<'no_answer', { seconds: number }>
  | Fact<'unexpected_error', { error: string }>
  // Servers and schema.
  | Fact<'server_found', { product: 'PostgreSQL' | 'RabbitMQ'; version: string; place: string }>
  | Fact<'database_unreachable', { place: string; error: string }>
  | Fact<'session_unfit', { reason: string }>
  | Fact<'migrations_applied'>
  | Fact<'migrations_pending', { names: readonly string[] }>
  | Fact<'roles_as_required', { roles: readonly string[] }>
  | Fact<'role_differs', { difference: RoleDifference }>
  | Fact<'login_refused', { user: string; error: string }>
  | Fact<'logins_accepted', { users: readonly string[] }>
  | Fact<'logins_not_tried', { users: readonly string[]; variables: readonly string[] }>
  | Fact<'clocks_agree', { differenceMs: number }>
  /** Positive: the database's clock is ahead of this machine's. */
  | Fact<'clocks_differ', { differenceMs: number }>
  // The broker.
  | Fact<'topology_as_required', { part: ComparedPart; count: number }>
  | Fact<'topology_exists', { exchanges: number; queues: number }>
  | Fact<'topology_missing', { what: string }>
  | Fact<'users_unseen'>
  | Fact<'user_missing', { user: string }>
  | Fact<'users_shared'>
  | Fact<'no_alarms'>
  | Fact<'broker_alarm', { node: string; resource: string }>
  // Services and what flows.
  | Fact<'services_unknown'>
  | Fact<'services_ready', { names: readonly string[] }>
  | Fact<'check_in_time', None, { lastCheckAt: number; nextCheckAt: number }>
  | Fact<'queues_consumed', { queues: readonly string[]; messages: number }>
  | Fact<'queue_unconsumed', { queue: string; messages: number }>
  | Fact<'queue_behind', { queue: string; messages: number }>
  /** Audit has recorded reports that ingest has not stored. */
  | Fact<'reports_unstored', { fqdn: string; count: number; latestId: string }>
  | Fact<'outbox_flows', { pending: number }>
  | Fact<'no_dead_letters'>
  | Fact<'none_unrouted'>
  | Fact<'no_tls'>
  | Fact<'certificate', { of: string }, { expiresAt: number }>
  | Fact<'certificate_not_yet_valid', { of: string }, { validFromAt: number }>
  | Fact<'certificate_unseen', { of: string; error: string }>
  | Fact<'space', { place: string; path: string | null; freeBytes: number }>
  | Fact<'space_unknown', { place: string }>
  // Engines and versions.
  | Fact<'reporters_fine', { engines: number }>
  /** By the sender's time of its latest report. */
  | Fact<'host_clock_ahead', { fqdn: string; aheadMs: number }>
  /** Its reports arrive that long after their time, each of the latest. */
  | Fact<'host_clock_behind', { fqdn: string; behindMs: number }>
  | Fact<'engine_claimed', { fqdn: string; users: readonly string[] }>
  | Fact<'reporter_differs', { fqdn: string; brokerUser: string; reportedBy: string | null }>
  | Fact<'reporter_missing', { fqdn: string; brokerUser: string }>
  | Fact<'never_reported', { fqdn: string }>
  | Fact<'versions_fine', { version: string; products: readonly string[] }>
  /** Its version is null if it tells none, as earlier versions did. */
  | Fact<'service_version_differs', { name: string; version: string | null; own: string }>
  | Fact<'service_version_unknown', { name: string }>
  | Fact<'version_too_old', { product: string; version: string; supported: string }>
  | Fact<'version_too_new', { product: string; version: string; supported: string }>
  // Notifications.
  | Fact<'no_destinations'>
  | Fact<'destinations_told', { names: readonly string[] }>;

export type DoctorFactKind = DoctorFact['kind'];
export type DoctorFactOf<Kind extends DoctorFactKind> = Extract<
  DoctorFact,
  { readonly kind: Kind }
>;

/** Makes a fact; its kind determines the types of its parameters and instants. */
export function fact<Kind extends DoctorFactKind>(
  kind: Kind,
  parameters: DoctorFactOf<Kind>['parameters'],
  instants: DoctorFactOf<Kind>['instants'] = {} as DoctorFactOf<Kind>['instants'],
): DoctorFactOf<Kind> {
  return { kind, parameters, instants } as DoctorFactOf<Kind>;
}
