import { errorText, placeOf, withCredentials } from '@backup-awareness/contracts/plain';
import {
  onDatabase,
  rowsOf,
  type ReadTls,
  type SessionClient,
} from '@backup-awareness/database/connection';
import type { DatabaseRole } from '@backup-awareness/database/schema';
import { failed, ok, type Observation } from '../check.js';
import { fact } from '../facts.js';
import type { Looks } from '../looks/looks.js';
import { APPLY_DATABASE } from '../remedy.js';
import type { DoctorTarget } from '../target.js';
import { loginsNotTried } from './logins.js';

const START: Parameters<typeof failed>[1] = {
  kind: 'start_server',
  product: 'PostgreSQL',
  variable: 'DATABASE_URL',
};

const schema = () => import('@backup-awareness/database/schema');

/** The database answers, and what it presets does no harm. */
export async function checkDatabase(looks: Looks): Promise<Observation[]> {
  const url = looks.databaseUrl();
  const place = placeOf(url);
  try {
    const { presetUnreadyReason } = await schema();
    // Not in a transaction that reads only, which would itself be a reason.
    const look = async (client: SessionClient): Promise<Observation[]> => {
      const sql = rowsOf(client);
      const [{ version }]: [{ version: string }] = await sql.query(
        `SELECT current_setting('server_version') AS version`,
      );
      const reason = await presetUnreadyReason(sql);
      if (reason !== undefined)
        return [failed(fact('session_unfit', { reason }), { kind: 'see_reason' })];
      return [ok(fact('server_found', { product: 'PostgreSQL', version, place }))];
    };
    return await onDatabase(url, 'service', look, looks.target.readDatabaseTls);
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return [failed(fact('database_unreachable', { place, error: errorText(error.cause) }), START)];
  }
}

function isUnreachable(error: unknown): error is Error {
  return error instanceof Error && error.name === 'DatabaseUnreachable';
}

/** The schema is up to date. */
export async function checkMigrations(looks: Looks): Promise<Observation[]> {
  const { pendingMigrations } = await schema();
  const names = await looks.readDatabase(pendingMigrations);
  return names.length === 0
    ? [ok(fact('migrations_applied', {}))]
    : [failed(fact('migrations_pending', { names }), APPLY_DATABASE)];
}

/** Each role can log in, and may do what its service has to do and nothing else. */
export async function checkRoles(looks: Looks): Promise<Observation[]> {
  const { DATABASE_ROLES, roleDifferences, roleName } = await schema();
  const { name, differences } = await looks.readDatabase(async (sql) => {
    const [row]: [{ name: string }] = await sql.query('SELECT current_database() AS name');
    return { name: row.name, differences: await roleDifferences(sql) };
  });
  const logins = await Promise.all(
    DATABASE_ROLES.map((role) => tryLogin(looks, role, roleName(name, role))),
  );
  const roles = DATABASE_ROLES.map((role) => roleName(name, role));
  return [
    ...differences.map((difference) =>
      failed(fact('role_differs', { difference }), APPLY_DATABASE),
    ),
    ...logins.flat(),
    ...loginsNotTried(DATABASE_ROLES, looks.target.databasePasswords, (role) =>
      roleName(name, role),
    ),
    ok(fact('roles_as_required', { roles })),
  ];
}

/** Without the client certificate, which is not the service's. */
function authorityOf({ readDatabaseTls }: DoctorTarget): ReadTls | undefined {
  return readDatabaseTls && (() => ({ ca: readDatabaseTls().ca }));
}

/** Logs in as the service does; nothing without its password. */
async function tryLogin(looks: Looks, role: DatabaseRole, user: string): Promise<Observation[]> {
  const password = looks.target.databasePasswords.known[role];
  if (password === undefined) return [];
  const url = withCredentials(looks.databaseUrl(), user, password);
  try {
    const { presetUnreadyReason } = await schema();
    const look = (client: SessionClient) => presetUnreadyReason(rowsOf(client));
    const reason = await onDatabase(url, 'service', look, authorityOf(looks.target));
    return reason === undefined ? [] : [failed(fact('session_unfit', { reason }), APPLY_DATABASE)];
  } catch (error) {
    if (!isUnreachable(error)) throw error;
    return [failed(fact('login_refused', { user, error: errorText(error.cause) }), APPLY_DATABASE)];
  }
}
