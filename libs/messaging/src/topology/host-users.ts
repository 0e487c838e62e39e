import { ENGINE_BACKUP_EXCHANGE, parseHostUser, type Result } from '@backup-awareness/contracts';
import { exactly } from './broker-users.js';
import type { ManagementAddress } from './management-api.js';
import { applyMadeUser, removeMadeUser, type MadeUserKind } from './made-users.js';

const HOST_USER: MadeUserKind = {
  tag: 'backup-awareness-host',
  path: 'broker_user',
  expected: "an unused name, or a host's broker user of this installation",
};

/** To report and to request the settings. The reply comes by direct reply-to, which needs no permission. */
const HOST_PERMISSIONS = {
  configure: '^$',
  write: exactly(ENGINE_BACKUP_EXCHANGE),
  read: '^$',
};

/**
 * Creates an engine host's broker user, which can publish to `ovirt.engine-backup` and nothing else, or gives it a new password.
 *
 * @returns refused for an invalid name, a service's user, or a user that this installation did not create
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function applyHostUser(
  management: ManagementAddress,
  vhost: string,
  user: { readonly name: string; readonly password: string },
): Promise<Result<'made' | 'renewed'>> {
  const parsed = parseHostUser(user.name);
  if (!parsed.ok) return parsed;
  return applyMadeUser(management, vhost, HOST_USER, { ...user, permissions: HOST_PERMISSIONS });
}

/**
 * Removes an engine host's broker user; its connections end at once.
 *
 * @returns refused for a user that this installation did not create
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function removeHostUser(
  management: ManagementAddress,
  vhost: string,
  name: string,
): Promise<Result<'removed' | 'absent'>> {
  const parsed = parseHostUser(name);
  if (!parsed.ok) return parsed;
  return removeMadeUser(management, vhost, HOST_USER, name);
}
