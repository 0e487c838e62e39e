import {
  accept,
  ENGINE_BACKUP_EXCHANGE,
  parseHostUser,
  refuse,
  type Result,
} from '@backup-awareness/contracts';
import { BROKER_USER_NAMES, brokerUserName, exactly } from './broker-users.js';
import { managementApi, type ManagementApi } from './management-api.js';

/** Marks the broker users of engine hosts: no other user is ever changed or removed. The tag grants nothing. */
const HOST_USER_TAG = 'backup-awareness-host';

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
  managementUrl: string,
  vhost: string,
  user: { readonly name: string; readonly password: string },
): Promise<Result<'made' | 'renewed'>> {
  const api = managementApi(managementUrl);
  const found = await findHostUser(api, vhost, user.name);
  if (!found.ok) return found;
  const path = encodeURIComponent(user.name);
  await api.put(`users/${path}`, { password: user.password, tags: HOST_USER_TAG });
  await api.put(`permissions/${encodeURIComponent(vhost)}/${path}`, HOST_PERMISSIONS);
  return accept(found.value === 'absent' ? 'made' : 'renewed');
}

/**
 * Removes an engine host's broker user; its connections end at once.
 *
 * @returns refused for a user that this installation did not create
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function removeHostUser(
  managementUrl: string,
  vhost: string,
  name: string,
): Promise<Result<'removed' | 'absent'>> {
  const api = managementApi(managementUrl);
  const found = await findHostUser(api, vhost, name);
  if (!found.ok) return found;
  if (found.value === 'absent') return accept('absent');
  await api.remove(`users/${encodeURIComponent(name)}`);
  return accept('removed');
}

const EXPECTED = "an unused name, or a host's broker user of this installation";

/** Users are global to the broker: one with permissions on another virtual host belongs to another installation. */
async function findHostUser(
  api: ManagementApi,
  vhost: string,
  name: string,
): Promise<Result<'present' | 'absent'>> {
  const parsed = parseHostUser(name);
  if (!parsed.ok) return parsed;
  const isOurs = BROKER_USER_NAMES.some(
    (service) => name === service || name === brokerUserName(vhost, service),
  );
  if (isOurs) return refuse('broker_user', EXPECTED, `${name}, a service's broker user`);
  const path = `users/${encodeURIComponent(name)}`;
  const user = (await api.get(path)) as { tags?: unknown } | undefined;
  if (user === undefined) return accept('absent');
  if (!tagsOf(user).includes(HOST_USER_TAG))
    return refuse('broker_user', EXPECTED, `${name}, a user that backup-awareness did not create`);
  const permissions = ((await api.get(`${path}/permissions`)) ?? []) as { vhost: string }[];
  const elsewhere = permissions.find((permission) => permission.vhost !== vhost);
  return elsewhere === undefined
    ? accept('present')
    : refuse(
        'broker_user',
        EXPECTED,
        `${name}, a user with permissions on the virtual host ${elsewhere.vhost}`,
      );
}

/** An array; before RabbitMQ 3.9 a comma-separated text. */
function tagsOf({ tags }: { readonly tags?: unknown }): readonly unknown[] {
  return Array.isArray(tags) ? tags : String(tags ?? '').split(',');
}
