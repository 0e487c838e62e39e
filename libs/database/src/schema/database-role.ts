/** The services' own users of the database: each can do just what its service has to. */
export const SERVICE_ROLES = ['ingest', 'checker', 'audit'] as const;
export type ServiceRole = (typeof SERVICE_ROLES)[number];

/**
 * Those, and two that an installation may do without: `notifier`, the service's that tells people, and `reader`, for monitoring and people
 * who only look. The reader can change nothing.
 */
export const DATABASE_ROLES = [...SERVICE_ROLES, 'notifier', 'reader'] as const;
export type DatabaseRole = (typeof DATABASE_ROLES)[number];

const NAME_BYTES_MAX = 63;

/**
 * The role's name on the server; it holds the database's, so that two installations on one server do not meet.
 *
 * @throws when the name is too long: PostgreSQL would cut it, and two could become one
 */
export function roleName(database: string, role: DatabaseRole): string {
  const name = `${database}_${role}`;
  if (Buffer.byteLength(name) > NAME_BYTES_MAX)
    throw new Error(
      `the role's name ${name} has ${Buffer.byteLength(name)} bytes, PostgreSQL allows ${NAME_BYTES_MAX}: give the database a shorter name`,
    );
  return name;
}
