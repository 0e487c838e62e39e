/**
 * The purpose of a session: a service's work, an administrator's commands, or a change of the schema, which has no time limit.
 */
export type SessionKind = 'service' | 'administration' | 'schema';

/**
 * The settings of all our sessions, whatever server, database and role preset (docs/decisions/0019): all that change how a statement is
 * parsed, what it stores or returns, or how long the session lives. Values are spelled as by `SHOW`.
 */
const FOR_ALL = {
  search_path: 'public',
  client_encoding: 'UTF8',
  DateStyle: 'ISO, MDY',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  array_nulls: 'on',
  transform_null_equals: 'off',
  // Makes a policy that hides rows from us an error instead of a smaller result.
  row_security: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  client_min_messages: 'warning',
  // If on, any error ends the session, and a repeated report would stop ingest for good.
  exit_on_error: 'off',
  idle_session_timeout: '0',
  transaction_timeout: '0',
} as const;

/** The services' time limits for statements, locks and forgotten transactions. */
const FOR_SERVICES = {
  role: 'none',
  statement_timeout: '5s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '3s',
  // Catches a client paused while it receives rows, which is neither idle nor over its statement time-out.
  tcp_user_timeout: '3s',
} as const;

/** How long a schema change waits for another one. */
export const SCHEMA_LOCK_WAIT_MINUTES = 2;

const SETTINGS: Readonly<Record<SessionKind, Readonly<Record<string, string>>>> = {
  service: { ...FOR_ALL, ...FOR_SERVICES },
  administration: {
    ...FOR_ALL,
    statement_timeout: '10s',
    lock_timeout: '0',
    idle_in_transaction_session_timeout: '0',
  },
  schema: {
    ...FOR_ALL,
    default_table_access_method: 'heap',
    statement_timeout: '0',
    lock_timeout: `${SCHEMA_LOCK_WAIT_MINUTES}min`,
    idle_in_transaction_session_timeout: '0',
  },
};

/** The settings of a service's session, by name. Its role gets the same, for a pooler that shares sessions. */
export const SERVICE_SETTINGS = SETTINGS.service;

/**
 * One statement that sets the settings of a session of this kind. It relies on no setting itself: every name in it is qualified.
 * Leaves out settings that the server does not know. Each row has the process id of the server's process as `backend`. Turns `synchronous_commit` on where it is off, since acknowledged reports could be
 * lost; keeps any stricter value.
 */
export function holdSettingsSql(kind: SessionKind): string {
  return `SELECT pg_catalog.set_config(name, value, false), pg_catalog.pg_backend_pid() AS backend FROM (VALUES ${valuesOf(SETTINGS[kind])}) AS held (name, value)
WHERE pg_catalog.current_setting(name, true) IS NOT NULL
UNION ALL
SELECT pg_catalog.set_config('synchronous_commit', 'on', false), pg_catalog.pg_backend_pid()
WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'`;
}

// Always 0 over a Unix socket.
const { tcp_user_timeout: _, ...VERIFIED } = SETTINGS.service;

/** The first setting in which this session differs from a service's: `name`, `expected`, `got`. */
export const DIFFERING_SETTING_SQL = `SELECT name, expected, got
FROM (SELECT name, expected, pg_catalog.current_setting(name, true) AS got
  FROM (VALUES ${valuesOf(VERIFIED)}) AS held (name, expected)) AS compared
WHERE got OPERATOR(pg_catalog.<>) expected
UNION ALL
SELECT 'synchronous_commit', 'on', 'off' WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'
LIMIT 1`;

/**
 * The first setting of all sessions that new sessions of this role have otherwise: `name`, `expected`, `got`. `reset_val` is what a session
 * begins with.
 */
export const DIFFERING_PRESET_SQL = `SELECT held.name, expected, reset_val AS got
FROM (VALUES ${valuesOf(FOR_ALL)}) AS held (name, expected)
JOIN pg_catalog.pg_settings preset ON preset.name OPERATOR(pg_catalog.=) held.name
WHERE reset_val OPERATOR(pg_catalog.<>) expected
LIMIT 1`;

function valuesOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `('${name}', '${value}')`)
    .join(', ');
}
