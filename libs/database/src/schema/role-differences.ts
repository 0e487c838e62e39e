import type { SqlRunner } from '../connection/sql-runner.js';
import { DATABASE_ROLES, roleName } from './database-role.js';
import { FUNCTION_PRIVILEGES, TABLE_PRIVILEGES } from './privileges.js';

/** Something that a role, or PUBLIC, may do or not do against `privileges.ts`. */
export interface RoleDifference {
  /** The role's name on the server, or `PUBLIC`. */
  readonly role: string;
  readonly kind: 'missing_role' | 'missing_privilege' | 'unexpected_privilege';
  /** Such as `SELECT on engine` or `INSERT (fqdn) on engine`; null for a missing role. */
  readonly privilege: string | null;
}

interface Row {
  readonly role: string;
  readonly privilege: string;
}

/**
 * What the roles may do in the database, compared with what they have to be able to do and nothing else. Any role may ask: it reads
 * only the catalogue.
 */
export async function roleDifferences(sql: SqlRunner): Promise<RoleDifference[]> {
  const [{ name: database }]: [{ name: string }] = await sql.query(
    'SELECT current_database() AS name',
  );
  const roles = DATABASE_ROLES.map((role) => roleName(database, role));
  const existing: { role: string }[] = await sql.query(
    'SELECT rolname AS role FROM pg_roles WHERE rolname = ANY ($1)',
    [roles],
  );
  const exists = new Set(existing.map(({ role }) => role));
  const granted = await grantedPrivileges(sql, roles);
  const expected = await expectedPrivileges(sql, database);
  return [
    ...roles
      .filter((role) => !exists.has(role))
      .map((role): RoleDifference => ({ role, kind: 'missing_role', privilege: null })),
    ...without(expected, granted)
      .filter(({ role }) => exists.has(role))
      .map((row): RoleDifference => ({ ...row, kind: 'missing_privilege' })),
    ...without(granted, expected).map((row): RoleDifference => ({
      ...row,
      kind: 'unexpected_privilege',
    })),
  ];
}

function without(rows: readonly Row[], others: readonly Row[]): Row[] {
  const key = ({ role, privilege }: Row) => JSON.stringify([role, privilege]);
  const known = new Set(others.map(key));
  return rows.filter((row) => !known.has(key(row)));
}

/** Grants in the database to these roles and to PUBLIC, memberships, and attributes that stand above all grants. */
const GRANTED_SQL = `
WITH object AS (
  SELECT oid, relname::text AS name, relacl AS acl, relowner AS owner, CASE relkind WHEN 'S' THEN 's'::"char" ELSE 'r' END AS kind
  FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_class'::regclass AND objid = pg_class.oid AND deptype = 'e')
), granted AS (
  SELECT acl.grantee, acl.privilege_type || ' on ' || name AS privilege
  FROM object, aclexplode(coalesce(object.acl, acldefault(object.kind, object.owner))) acl
  UNION ALL
  SELECT acl.grantee, acl.privilege_type || ' (' || attname || ') on ' || name
  FROM object JOIN pg_attribute ON attrelid = object.oid AND NOT attisdropped, aclexplode(attacl) acl
  UNION ALL
  SELECT acl.grantee, acl.privilege_type || ' on ' || pg_proc.oid::regprocedure
  FROM pg_proc, aclexplode(coalesce(proacl, acldefault('f', proowner))) acl
  WHERE pronamespace = 'public'::regnamespace
    AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = pg_proc.oid AND deptype = 'e')
  UNION ALL
  SELECT acl.grantee, acl.privilege_type || ' on schema public'
  FROM pg_namespace, aclexplode(coalesce(nspacl, acldefault('n', nspowner))) acl WHERE nspname = 'public'
  UNION ALL
  SELECT acl.grantee, acl.privilege_type || ' on database ' || datname
  FROM pg_database, aclexplode(coalesce(datacl, acldefault('d', datdba))) acl WHERE datname = current_database()
)
SELECT coalesce(rolname::text, 'PUBLIC') AS role, privilege
FROM granted LEFT JOIN pg_roles ON pg_roles.oid = grantee WHERE grantee = 0 OR rolname = ANY ($1)
UNION ALL
SELECT member.rolname::text, 'membership in ' || parent.rolname
FROM pg_auth_members JOIN pg_roles member ON member.oid = pg_auth_members.member
  JOIN pg_roles parent ON parent.oid = pg_auth_members.roleid WHERE member.rolname = ANY ($1)
UNION ALL
SELECT rolname::text, attribute
FROM pg_roles, LATERAL (VALUES ('SUPERUSER', rolsuper), ('CREATEROLE', rolcreaterole), ('CREATEDB', rolcreatedb),
  ('REPLICATION', rolreplication), ('BYPASSRLS', rolbypassrls)) AS attribute (attribute, is_set)
WHERE rolname = ANY ($1) AND is_set
ORDER BY 1, 2`;

async function grantedPrivileges(sql: SqlRunner, roles: readonly string[]): Promise<Row[]> {
  return sql.query(GRANTED_SQL, [roles]);
}

async function expectedPrivileges(sql: SqlRunner, database: string): Promise<Row[]> {
  const signatures = Object.values(FUNCTION_PRIVILEGES).flat();
  const functions: { signature: string; name: string }[] = await sql.query(
    `SELECT signature, coalesce(to_regprocedure(signature)::text, signature) AS name
     FROM unnest($1::text[]) AS signature`,
    [signatures],
  );
  const nameOf = new Map(functions.map(({ signature, name }) => [signature, name]));
  return DATABASE_ROLES.flatMap((role) => {
    const privileges = [
      `CONNECT on database ${database}`,
      'USAGE on schema public',
      ...Object.entries(TABLE_PRIVILEGES).flatMap(([table, its]) =>
        (its[role] ?? []).flatMap((privilege) => byColumn(privilege, table)),
      ),
      ...(FUNCTION_PRIVILEGES[role] ?? []).map((one) => `EXECUTE on ${nameOf.get(one)}`),
    ];
    return privileges.map((privilege) => ({ role: roleName(database, role), privilege }));
  });
}

const OF_COLUMNS = /^(\w+) \(([^)]*)\)$/;

/** PostgreSQL keeps a privilege on several columns as one on each. */
function byColumn(privilege: string, table: string): string[] {
  const [, verb, columns] = OF_COLUMNS.exec(privilege) ?? [];
  if (columns === undefined) return [`${privilege} on ${table}`];
  return columns.split(',').map((column) => `${verb} (${column.trim()}) on ${table}`);
}
