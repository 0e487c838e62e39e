import type { DatabaseRole } from './database-role.js';
import { MIGRATIONS_TABLE } from './migrations/migrations.js';

type Verb = 'SELECT' | 'INSERT' | 'UPDATE';
export type Privilege = Verb | `${Verb} (${string})` | 'DELETE';
export type TablePrivileges = Readonly<
  Record<string, Readonly<Partial<Record<DatabaseRole, readonly Privilege[]>>>>
>;

/** Who has locked it changes the schema. Made before the first migration, and for no service. */
export const SCHEMA_LOCK_TABLE = 'schema_lock';

/**
 * What each service's role may do, table by table. What stands neither here nor among the functions it may not. All tables of ours stand
 * here, since any other is taken for somebody else's.
 */
export const TABLE_PRIVILEGES: TablePrivileges = {
  engine_backup_log: { ingest: ['SELECT', 'INSERT'], checker: ['SELECT'], reader: ['SELECT'] },
  engine: {
    // Retiring, periods and users are an administrator's: a new engine has none.
    ingest: ['SELECT', 'INSERT (fqdn)'],
    checker: ['SELECT'],
    audit: ['SELECT (fqdn, broker_user)'],
    reader: ['SELECT'],
  },
  // Who removes a row locks it first, which takes the right to update one.
  open_run: { checker: ['SELECT', 'UPDATE (starts)', 'DELETE'] },
  engine_last_success: { checker: ['SELECT'], reader: ['SELECT'] },
  vdc_options: { ingest: ['SELECT'], checker: ['SELECT'], reader: ['SELECT'] },
  alert: {
    checker: ['SELECT', 'INSERT', 'UPDATE (cleared_at, cleared_sequence, reason)'],
    reader: ['SELECT'],
  },
  engine_alert_state: {
    checker: ['SELECT', 'INSERT', 'UPDATE (last_sequence, decided_version)'],
    reader: ['SELECT'],
  },
  alert_dismissal: { checker: ['SELECT'], reader: ['SELECT'] },
  checker_lease: { checker: ['SELECT', 'UPDATE (holder, epoch, expires_at)'] },
  checker_state: { checker: ['SELECT', 'UPDATE'], reader: ['SELECT'] },
  outbox: {
    checker: [
      'SELECT',
      'INSERT (event_id, name, exchange, routing_key, source, subject, time, data)',
      'UPDATE (attempts, last_error, set_aside_at)',
      'DELETE',
    ],
    // How much is pending since when, not what.
    reader: ['SELECT (created_at, set_aside_at)'],
  },
  // Its key and when it was recorded are the database's to say.
  audit_log: {
    audit: [
      'SELECT',
      `INSERT (log_time, log_type_name, log_type, severity, message, origin, correlation_id, fqdn, alert_id, event_id,
        event_name, custom_data)`,
    ],
    reader: ['SELECT'],
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
  [MIGRATIONS_TABLE]: { ingest: ['SELECT'], checker: ['SELECT'], audit: ['SELECT'] },
};

/** The functions each service's role may call; they run as their owner. */
export const FUNCTION_PRIVILEGES: Readonly<Partial<Record<DatabaseRole, readonly string[]>>> = {
  ingest: ['remove_old_reports(timestamptz, int)', 'register_engines(text[])'],
  checker: ['remove_old_alerts(timestamptz, int)'],
  audit: ['remove_old_audit_rows(bigint, int)', 'register_engines(text[])'],
};
