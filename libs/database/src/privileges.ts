import type { DatabaseRole } from './database-role.js';
import { MIGRATIONS_TABLE } from './migrations/migrations.js';

export type Privilege = 'SELECT' | `SELECT (${string})` | 'INSERT' | 'UPDATE' | 'DELETE';
export type TablePrivileges = Readonly<
  Record<string, Readonly<Partial<Record<DatabaseRole, readonly Privilege[]>>>>
>;

/** What each service's role may do, table by table. What stands neither here nor among the functions it may not. */
export const TABLE_PRIVILEGES: TablePrivileges = {
  engine_backup_log: { ingest: ['SELECT', 'INSERT'], checker: ['SELECT'] },
  engine: {
    ingest: ['SELECT', 'INSERT'],
    checker: ['SELECT'],
    audit: ['SELECT (fqdn, broker_user)'],
  },
  engine_last_success: { checker: ['SELECT'] },
  vdc_options: { ingest: ['SELECT'], checker: ['SELECT'] },
  alert: { checker: ['SELECT', 'INSERT', 'UPDATE'] },
  engine_alert_state: { checker: ['SELECT', 'INSERT', 'UPDATE'] },
  alert_dismissal: { checker: ['SELECT'] },
  checker_lease: { checker: ['SELECT', 'UPDATE'] },
  checker_state: { checker: ['SELECT', 'UPDATE'] },
  outbox: { checker: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'] },
  audit_log: { audit: ['SELECT', 'INSERT'] },
  message_try: {
    ingest: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
    audit: ['SELECT', 'INSERT', 'UPDATE', 'DELETE'],
  },
  [MIGRATIONS_TABLE]: { ingest: ['SELECT'], checker: ['SELECT'], audit: ['SELECT'] },
};

/** The functions each service's role may call; they run as their owner. */
export const FUNCTION_PRIVILEGES: Readonly<Partial<Record<DatabaseRole, readonly string[]>>> = {
  ingest: ['remove_old_reports(timestamptz, int)'],
  audit: ['remove_old_audit_rows(bigint, int)'],
};

/** What each service's session starts with, so that no statement, lock or forgotten transaction lasts. */
export const ROLE_SETTINGS = {
  statement_timeout: '5s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '3s',
  // A client that is paused while it is sent rows is neither idle nor timed out by a statement: its silence on the wire is.
  tcp_user_timeout: '3s',
  search_path: 'public',
} as const;
