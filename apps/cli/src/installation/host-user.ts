import { parseHostUser, type Result, virtualHostOf } from '@backup-awareness/contracts/plain';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { reasonOf, WrongUse } from '../output/failure.js';
import { findInstallation, requireBroker } from './find-installation.js';
import { managementFailure, requireManagement } from './management.js';

/** The management API and the virtual host for changing broker users. */
export interface HostUsers {
  readonly managementUrl: string;
  readonly vhost: string;
}

/** @throws WrongUse or Unreachable if the broker or its management API is not configured */
export function findHostUsers(
  environment: NodeJS.ProcessEnv,
  managementUrl: string | undefined,
): HostUsers {
  return {
    managementUrl: requireManagement(environment, managementUrl),
    vhost: virtualHostOf(requireBroker(findInstallation(environment))),
  };
}

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
  users: HostUsers,
  { name, passwordFile }: WantedHostUser,
  work: () => Promise<T>,
): Promise<T> {
  if (passwordFile === null) return work();
  const { applyHostUser } = await import('@backup-awareness/messaging');
  const password = randomBytes(24).toString('base64url');
  writeNewFile(passwordFile, `${password}\n`);
  try {
    const user = { name, password };
    const made = await applyHostUser(users.managementUrl, users.vhost, user).catch(asFailure);
    orWrongUse('--broker-user', made);
    return await work();
  } catch (error) {
    rmSync(passwordFile, { force: true });
    throw error;
  }
}

/** Removes an engine's broker user, so that it can no longer publish. */
export async function removeHostUser(users: HostUsers, name: string): Promise<void> {
  const messaging = await import('@backup-awareness/messaging');
  const removed = await messaging
    .removeHostUser(users.managementUrl, users.vhost, name)
    .catch(asFailure);
  orWrongUse('broker_user', removed);
}

function writeNewFile(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new WrongUse(`--password-file: cannot create a new file: ${reasonOf(error)}`);
  }
}

function asFailure(error: unknown): never {
  throw managementFailure(error);
}

function orWrongUse<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  const { expected, got } = result.invalid;
  throw new WrongUse(`${what}: expected ${expected}, got ${got}`);
}
