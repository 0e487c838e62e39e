/** The services' database users, each with just the privileges of its service. */
export const SERVICE_ROLES = ['ingest', 'checker', 'audit'] as const;
export type ServiceRole = (typeof SERVICE_ROLES)[number];

/**
 * The services' roles and those that an installation may do without: `notifier`, `console`, and `reader`, the read-only role for
 * monitoring and people.
 */
export const DATABASE_ROLES = [...SERVICE_ROLES, 'notifier', 'console', 'reader'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

const NAME_BYTES_MAX = 63;

/**
 * The role's name on the server. It contains the database's name, so that two installations on one server do not collide.
 *
 * @throws if the name is too long: PostgreSQL would truncate it, and two names could become equal
 */
export function roleName(database: string, role: DatabaseRole): string {
  const name = `${database}_${role}`;
  if (Buffer.byteLength(name) > NAME_BYTES_MAX)
    throw new Error(
      `the role name ${name} has ${Buffer.byteLength(name)} bytes, PostgreSQL allows ${NAME_BYTES_MAX}: give the database a shorter name`,
    );
  return name;
}
