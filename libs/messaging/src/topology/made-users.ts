import { accept, refuse, type Result } from '@backup-awareness/contracts';
import { BROKER_USER_NAMES, brokerUserName } from './broker-users.js';
import { managementApi, type ManagementAddress, type ManagementApi } from './management-api.js';

/** A kind of broker user that administrators have made, one by one. */
export interface MadeUserKind {
  /** Marks its users: no other user is ever changed or removed. The tag grants nothing. */
  readonly tag: string;
  /** What a refusal is about. */
  readonly path: string;
  /** What a refusal expected. */
  readonly expected: string;
}

export interface MadeUser {
  readonly name: string;
  readonly password: string;
  readonly permissions: {
    readonly configure: string;
    readonly write: string;
    readonly read: string;
  };
}

/**
 * Creates a user with just these permissions, or gives it a new password.
 *
 * @returns refused for a service's user, or one that this installation did not create as one of this kind
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function applyMadeUser(
  management: ManagementAddress,
  vhost: string,
  kind: MadeUserKind,
  { name, password, permissions }: MadeUser,
): Promise<Result<'made' | 'renewed'>> {
  const api = managementApi(management);
  const found = await findMadeUser(api, vhost, kind, name);
  if (!found.ok) return found;
  const path = encodeURIComponent(name);
  await api.put(`users/${path}`, { password, tags: kind.tag });
  await api.put(`permissions/${encodeURIComponent(vhost)}/${path}`, permissions);
  return accept(found.value === 'absent' ? 'made' : 'renewed');
}

/**
 * Removes such a user; its connections end at once.
 *
 * @returns refused for a user that this installation did not create as one of this kind
 * @throws ManagementUnreachable, or ManagementRefused with the broker's answer
 */
export async function removeMadeUser(
  management: ManagementAddress,
  vhost: string,
  kind: MadeUserKind,
  name: string,
): Promise<Result<'removed' | 'absent'>> {
  const api = managementApi(management);
  const found = await findMadeUser(api, vhost, kind, name);
  if (!found.ok) return found;
  if (found.value === 'absent') return accept('absent');
  await api.remove(`users/${encodeURIComponent(name)}`);
  return accept('removed');
}

/** Users are global to the broker: one with permissions on another virtual host belongs to another installation. */
async function findMadeUser(
  api: ManagementApi,
  vhost: string,
  { tag, path, expected }: MadeUserKind,
  name: string,
): Promise<Result<'present' | 'absent'>> {
  const isOurs = BROKER_USER_NAMES.some(
    (service) => name === service || name === brokerUserName(vhost, service),
  );
  if (isOurs) return refuse(path, expected, `${name}, a service's broker user`);
  const address = `users/${encodeURIComponent(name)}`;
  const user = (await api.get(address)) as { tags?: unknown } | undefined;
  if (user === undefined) return accept('absent');
  if (!tagsOf(user).includes(tag))
    return refuse(path, expected, `${name}, a user that backup-awareness did not create`);
  const permissions = ((await api.get(`${address}/permissions`)) ?? []) as { vhost: string }[];
  const elsewhere = permissions.find((permission) => permission.vhost !== vhost);
  return elsewhere === undefined
    ? accept('present')
    : refuse(
        path,
        expected,
        `${name}, a user with permissions on the virtual host ${elsewhere.vhost}`,
      );
}

/** An array; before RabbitMQ 3.9 a comma-separated text. */
function tagsOf({ tags }: { readonly tags?: unknown }): readonly unknown[] {
  return Array.isArray(tags) ? tags : String(tags ?? '').split(',');
}
