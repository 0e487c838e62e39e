import type { ReadTls } from '../connection/session-client.js';
import pg from '../connection/driver.js';
import { DATABASE_ROLES, roleName, type DatabaseRole, type ServiceRole } from './database-role.js';
import { FUNCTION_PRIVILEGES, TABLE_PRIVILEGES } from './privileges.js';
import { scramVerifier } from './scram-verifier.js';
import { underSchemaLock } from './session-lock.js';
import { SERVICE_SETTINGS } from '../connection/session-settings.js';

const { escapeIdentifier, escapeLiteral } = pg;

/** Each role's password. Without one for the notifier, the console or the reader that role cannot log in. */
export type RolePasswords = Readonly<Record<ServiceRole, string>> & {
  readonly notifier?: string;
  readonly console?: string;
  readonly reader?: string;
};

/**
 * Creates the roles or corrects them: password, settings (all others are reset, since a role may change its own), and exactly the
 * privileges of `privileges.ts`. Revokes PUBLIC's privileges in the database.
 * Runs in one transaction, so that a running service never lacks a privilege. The schema must be applied first.
 *
 * @param readTls reads the certificates; without it the URL's `sslmode` decides about TLS
 * @returns for each role that has a password the owner's URL with the role's name and password
 * @throws if the owner may not create roles (it needs CREATEROLE), a name or password is invalid, or the database holds tables that are not ours
 */
export async function applyRoles<Passwords extends RolePasswords>(
  ownerUrl: string,
  passwords: Passwords,
  readTls?: ReadTls,
): Promise<Record<DatabaseRole & keyof Passwords, string>> {
  const apply = async (client: pg.Client): Promise<string> => {
    const session = await readSession(client);
    const objects = await readObjects(client);
    const statements = [
      ...revokeStatements(session.database, objects, 'PUBLIC'),
      ...(await roleStatements(client, session, passwords)),
      ...DATABASE_ROLES.flatMap((role) => grantStatements(session.database, objects, role)),
    ];
    for (const sql of statements) await client.query(sql).catch(explain);
    return session.database;
  };
  const database = await underSchemaLock(ownerUrl, apply, readTls);
  const urls = DATABASE_ROLES.flatMap((role) => {
    const password = passwords[role];
    return password === undefined ? [] : [[role, roleUrl(ownerUrl, database, role, password)]];
  });
  return Object.fromEntries(urls) as Record<DatabaseRole & keyof Passwords, string>;
}

interface Session {
  readonly database: string;
  readonly isSuperuser: boolean;
}

async function readSession(client: pg.Client): Promise<Session> {
  const { rows } = await client.query<Session>(
    `SELECT current_database() AS database, rolsuper AS "isSuperuser" FROM pg_roles WHERE rolname = current_user`,
  );
  return rows[0] as Session;
}

/** The objects as GRANT and REVOKE name them, such as `TABLE public.engine`: all in `public` but those of extensions. */
async function readObjects(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ object: string }>(
    `SELECT format('%s %s', CASE relkind WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, oid::regclass) AS object
     FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
     UNION ALL
     SELECT format('ROUTINE %s', oid::regprocedure)
     FROM pg_proc WHERE pronamespace = 'public'::regnamespace
       AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')`,
  );
  return rows.map((row) => row.object);
}

/** @param from PUBLIC, or a role's quoted name */
function revokeStatements(database: string, objects: readonly string[], from: string): string[] {
  return [`DATABASE ${escapeIdentifier(database)}`, 'SCHEMA public', ...objects].map(
    (object) => `REVOKE ALL ON ${object} FROM ${from}`,
  );
}

async function roleStatements(
  client: pg.Client,
  { database, isSuperuser }: Session,
  passwords: RolePasswords,
): Promise<string[]> {
  const names = DATABASE_ROLES.map((role) => roleName(database, role));
  const { rows } = await client.query<{ rolname: string }>(
    'SELECT rolname FROM pg_roles WHERE rolname = ANY ($1)',
    [names],
  );
  const existing = new Set(rows.map((row) => row.rolname));
  const known = await client.query<{ name: string }>('SELECT name FROM pg_settings');
  const isKnown = new Set(known.rows.map((row) => row.name));
  const settings = Object.entries(SERVICE_SETTINGS).filter(([name]) => isKnown.has(name));
  // Only a superuser may change these, even to turn them off; roles created by others have them off.
  const lowest = isSuperuser
    ? ' NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS'
    : '';
  return DATABASE_ROLES.flatMap((role) => {
    const name = roleName(database, role);
    const quoted = escapeIdentifier(name);
    const password = passwords[role];
    const login =
      password === undefined
        ? 'NOLOGIN PASSWORD NULL'
        : `LOGIN PASSWORD ${escapeLiteral(scramVerifier(password))}`;
    return [
      ...(existing.has(name) ? [] : [`CREATE ROLE ${quoted}`]),
      `ALTER ROLE ${quoted} ${login}${lowest}`,
      `ALTER ROLE ${quoted} RESET ALL`,
      `ALTER ROLE ${quoted} IN DATABASE ${escapeIdentifier(database)} RESET ALL`,
      ...settings.map(
        ([setting, value]) => `ALTER ROLE ${quoted} SET ${setting} = ${escapeLiteral(value)}`,
      ),
    ];
  });
}

function grantStatements(
  database: string,
  objects: readonly string[],
  role: DatabaseRole,
): string[] {
  const name = escapeIdentifier(roleName(database, role));
  const tables = Object.entries(TABLE_PRIVILEGES).flatMap(([table, roles]) =>
    roles[role] ? [`GRANT ${roles[role].join(', ')} ON ${escapeIdentifier(table)} TO ${name}`] : [],
  );
  const functions = (FUNCTION_PRIVILEGES[role] ?? []).map(
    (signature) => `GRANT EXECUTE ON FUNCTION ${signature} TO ${name}`,
  );
  return [
    ...revokeStatements(database, objects, name),
    `GRANT CONNECT ON DATABASE ${escapeIdentifier(database)} TO ${name}`,
    `GRANT USAGE ON SCHEMA public TO ${name}`,
    ...tables,
    ...functions,
  ];
}

/** Does not include the statement, which may hold a password's verifier. */
function explain(error: unknown): never {
  const { message, code } = error as Error & { code?: string };
  const hint =
    code === '42501'
      ? ' (the owner needs CREATEROLE, and ADMIN on existing roles)'
      : code === '42P01' || code === '42883'
        ? ' (apply the schema first)'
        : '';
  throw new Error(`cannot set up the roles: ${message}${hint}`);
}

function roleUrl(ownerUrl: string, database: string, role: DatabaseRole, password: string): string {
  const url = new URL(ownerUrl);
  if (url.hostname === '')
    throw new Error(
      "the owner's database URL must name a host (a socket directory as %2Fpath%2Fto%2Fit), because the roles' URLs are derived from it",
    );
  url.username = encodeURIComponent(roleName(database, role));
  url.password = encodeURIComponent(password);
  return url.href;
}
