/**
 * What a session is for: a service's work, an administrator's commands, or changing the schema, which may take as long as it takes.
 */
export type SessionKind = 'service' | 'administration' | 'schema';

/**
 * What every session of ours goes by, whatever server, database or role presets (docs/decisions/0019): what changes how a statement is
 * read, what it stores, what comes back, or whether the session lasts. Values are spelled as `SHOW` spells them.
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
  // A policy that hides rows from us is an error then, not a smaller answer.
  row_security: 'off',
  default_transaction_isolation: 'read committed',
  default_transaction_deferrable: 'off',
  client_min_messages: 'warning',
  // On, any error ends the session; a report that comes a second time would stop ingest for good.
  exit_on_error: 'off',
  idle_session_timeout: '0',
  transaction_timeout: '0',
} as const;

/** What each service's session starts with, so that no statement, lock or forgotten transaction lasts. */
const FOR_SERVICES = {
  role: 'none',
  statement_timeout: '5s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '3s',
  // A client that is paused while it is sent rows is neither idle nor timed out by a statement: its silence on the wire is.
  tcp_user_timeout: '3s',
} as const;

/** How long a change of the schema waits for another to end. */
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

/** The settings of a service's session, by name: its role is given the same, for a pooler that hands sessions round. */
export const SERVICE_SETTINGS = SETTINGS.service;

/**
 * One statement that sets what a session of this kind goes by. It needs no setting to be right already: every name in it is qualified.
 * What this server does not know yet is left out. `synchronous_commit` is raised where it is off, since what was acknowledged could be
 * lost; any stricter value stays.
 */
export function holdSettingsSql(kind: SessionKind): string {
  return `SELECT pg_catalog.set_config(name, value, false) FROM (VALUES ${valuesOf(SETTINGS[kind])}) AS held (name, value)
WHERE pg_catalog.current_setting(name, true) IS NOT NULL
UNION ALL
SELECT pg_catalog.set_config('synchronous_commit', 'on', false)
WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'`;
}

// Over a socket of the machine it is always 0.
const { tcp_user_timeout: _, ...VERIFIED } = SETTINGS.service;

/** The first setting of a service's session that is otherwise in this one: `name`, `expected`, `got`. */
export const DIFFERING_SETTING_SQL = `SELECT name, expected, got
FROM (SELECT name, expected, pg_catalog.current_setting(name, true) AS got
  FROM (VALUES ${valuesOf(VERIFIED)}) AS held (name, expected)) AS compared
WHERE got OPERATOR(pg_catalog.<>) expected
UNION ALL
SELECT 'synchronous_commit', 'on', 'off' WHERE pg_catalog.current_setting('synchronous_commit') OPERATOR(pg_catalog.=) 'off'
LIMIT 1`;

function valuesOf(settings: Readonly<Record<string, string>>): string {
  return Object.entries(settings)
    .map(([name, value]) => `('${name}', '${value}')`)
    .join(', ');
}
