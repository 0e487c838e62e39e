import type { DatabaseRole } from './database-role.js';
import { MIGRATIONS_TABLE } from './migrations/migrations.js';

type Verb = 'SELECT' | 'INSERT' | 'UPDATE';
export type Privilege = Verb | `${Verb} (${string})` | 'DELETE';
export type TablePrivileges = Readonly<
  Record<string, Readonly<Partial<Record<DatabaseRole, readonly Privilege[]>>>>
>;

/** Locked during a schema change. Created before the first migration; no service has a privilege on it. */
export const SCHEMA_LOCK_TABLE = 'schema_lock';

/**
 * The privileges of each role, by table. A role has no others, but for the functions. All our tables must be listed: any other
 * makes the database unsuitable.
 */
export const TABLE_PRIVILEGES: TablePrivileges = {
  engine_backup_log: {
    ingest: ['SELECT', 'INSERT'],
    checker: ['SELECT'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  engine: {
    // Only an administrator retires engines and sets their period and user.
    ingest: ['SELECT', 'INSERT (fqdn)'],
    checker: ['SELECT'],
    audit: ['SELECT (fqdn, broker_user)'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: [
      'SELECT',
      'INSERT (fqdn)',
      'UPDATE (watched_since, retired_at, alert_period_days, alert_period_changed_at, broker_user, registered_by, version)',
    ],
  },
  engine_last_success: {
    checker: ['SELECT'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  vdc_options: {
    ingest: ['SELECT'],
    checker: ['SELECT'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT', 'UPDATE (option_value, changed_at)'],
  },
  // The checker locks a row before it removes it, which requires the right to update.
  open_run: { checker: ['SELECT', 'UPDATE (starts)', 'DELETE'] },
  alert: {
    checker: ['SELECT', 'INSERT', 'UPDATE (cleared_at, cleared_sequence, reason)'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  engine_alert_state: {
    checker: ['SELECT', 'INSERT', 'UPDATE (last_sequence, decided_version)'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  alert_dismissal: {
    checker: ['SELECT'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  checker_lease: { checker: ['SELECT', 'UPDATE (holder, epoch, expires_at)'], console: ['SELECT'] },
  checker_state: {
    checker: ['SELECT', 'UPDATE'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  outbox: {
    checker: [
      'SELECT',
      'INSERT (event_id, name, exchange, routing_key, source, subject, time, data, traceparent)',
      'UPDATE (attempts, last_error, set_aside_at)',
      'DELETE',
    ],
    // Only how many events are pending, and since when.
    notifier: ['SELECT (created_at, set_aside_at)'],
    reader: ['SELECT (created_at, set_aside_at)'],
    console: [
      'SELECT (created_at, set_aside_at)',
      'INSERT (event_id, name, exchange, routing_key, source, subject, time, data, traceparent)',
    ],
  },
  // The database sets the key and the time of recording.
  audit_log: {
    audit: [
      'SELECT',
      `INSERT (log_time, log_type_name, log_type, severity, message, origin, correlation_id, fqdn, alert_id, event_id,
        event_name, custom_data)`,
    ],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  removal_step: {},
  [SCHEMA_LOCK_TABLE]: {},
  queue_passage: {
    ingest: ['SELECT', 'INSERT', 'UPDATE'],
    audit: ['SELECT', 'INSERT', 'UPDATE'],
  },
  message_try: {
    ingest: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    audit: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  notification: {
    notifier: [
      'SELECT',
      'INSERT (destination, subject_id, change, stream, position, noted_at, due_at)',
      'UPDATE (noted_at, due_at, tries, batch, claimed_until, settled_at, outcome, last_error)',
      'DELETE',
    ],
    reader: ['SELECT'],
    // To send again, or to give up, what a destination did not accept.
    console: ['SELECT', 'UPDATE (noted_at, due_at, tries, batch, settled_at, outcome)'],
  },
  unknown_spell: {
    notifier: ['SELECT', 'INSERT', 'UPDATE (seen_at, ended_at, reason)', 'DELETE'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  notification_destination: {
    // For the metric that outlives the notifier.
    checker: ['SELECT (destination, seen_at)'],
    notifier: [
      'SELECT',
      'INSERT',
      'UPDATE (seen_at, noted_from, noted_until, last_success_at, failing_since, last_error, address)',
      'DELETE',
    ],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  // Each service notes only what it has proven itself; the notifier notes when it last beat.
  heartbeat: {
    ingest: ['UPDATE (answered_at)'],
    checker: ['SELECT', 'UPDATE (decided_at, relayed_at)'],
    audit: ['SELECT (recorded_at)', 'UPDATE (recorded_at)'],
    notifier: ['SELECT', 'UPDATE (beaten_at)'],
    console: ['SELECT'],
  },
  incarnation: {
    checker: ['SELECT', 'UPDATE (position, advanced_at)'],
    notifier: ['SELECT'],
    reader: ['SELECT'],
    console: ['SELECT'],
  },
  // Only an administrator creates and revokes tokens and badges, and creates links that sign in.
  console_token: { console: ['SELECT'] },
  console_badge: { console: ['SELECT'] },
  console_sign_in_link: { console: ['SELECT', 'UPDATE (used_at)', 'DELETE'] },
  console_session: { console: ['SELECT', 'INSERT', 'UPDATE (seen_at)', 'DELETE'] },
  [MIGRATIONS_TABLE]: {
    console: ['SELECT'],
    ingest: ['SELECT'],
    checker: ['SELECT'],
    audit: ['SELECT'],
    notifier: ['SELECT'],
  },
};

/** The functions that each role may call; they run as their owner. */
export const FUNCTION_PRIVILEGES: Readonly<Partial<Record<DatabaseRole, readonly string[]>>> = {
  ingest: ['remove_old_reports(timestamptz, int)', 'register_engines(text[])'],
  checker: ['remove_old_alerts(timestamptz, int)', 'begin_incarnation(int)'],
  audit: ['remove_old_audit_rows(bigint, int)', 'register_engines(text[])'],
};
