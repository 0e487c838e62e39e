import { parseHostUser } from '@backup-awareness/contracts/plain';
import { WrongUse } from '../output/failure.js';
import { asFailure, orWrongUse, withNewPassword, type BrokerUsers } from './broker-users.js';

export interface HostUserOptions {
  readonly brokerUser?: string;
  readonly passwordFile?: string;
}

/** The user to create, and the file for its password. */
export interface WantedHostUser {
  readonly name: string;
  /** Null: another engine already has that user, which keeps its password. */
  readonly passwordFile: string | null;
}

/** To be called before anything connects. @throws WrongUse */
export function readWantedHostUser(options: HostUserOptions): WantedHostUser | undefined {
  const { brokerUser, passwordFile } = options;
  if (brokerUser === undefined && passwordFile === undefined) return undefined;
  if (brokerUser === undefined)
    throw new WrongUse(
      'expected --broker-user NAME together with --password-file FILE, got only one of them',
    );
  return {
    name: orWrongUse('--broker-user', parseHostUser(brokerUser)),
    passwordFile: passwordFile ?? null,
  };
}

/**
 * Creates the user with a new password, which goes only to a new file (0600), and then does `work`, which records it in the database.
 * Without a file there is nothing to create. If anything fails, the file is removed; a user that exists by then cannot report about
 * an engine that has another user.
 *
 * @throws WrongUse for an existing file or a user of somebody else, Unreachable if the broker does not answer
 */
export async function withHostUser<T>(
  users: BrokerUsers,
  { name, passwordFile }: WantedHostUser,
  work: () => Promise<T>,
): Promise<T> {
  if (passwordFile === null) return work();
  const { applyHostUser } = await import('@backup-awareness/messaging');
  return withNewPassword(passwordFile, async (password) => {
    const user = { name, password };
    const made = await applyHostUser(users.management, users.vhost, user).catch(asFailure);
    orWrongUse('--broker-user', made);
    return work();
  });
}

/** Removes an engine's broker user, so that it can no longer publish. */
export async function removeHostUser(users: BrokerUsers, name: string): Promise<void> {
  const messaging = await import('@backup-awareness/messaging');
  const removed = await messaging
    .removeHostUser(users.management, users.vhost, name)
    .catch(asFailure);
  orWrongUse('broker_user', removed);
}
