import { virtualHostOf, type Result } from '@backup-awareness/contracts/plain';
import type { ManagementAddress } from '@backup-awareness/messaging/health';
import { randomBytes } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { reasonOf, WrongUse } from '../output/failure.js';
import { findInstallation, requireBroker } from './find-installation.js';
import { managementFailure, requireManagement } from './management.js';

/** The management API and the virtual host for changing broker users. */
export interface BrokerUsers {
  readonly management: ManagementAddress;
  readonly vhost: string;
}

/** @throws WrongUse or Unreachable if the broker or its management API is not configured */
export function findBrokerUsers(
  environment: NodeJS.ProcessEnv,
  managementUrl: string | undefined,
): BrokerUsers {
  return {
    management: requireManagement(environment, managementUrl),
    vhost: virtualHostOf(requireBroker(findInstallation(environment))),
  };
}

/**
 * Does `work` with a new password, which goes only to a new file (0600). If it fails, the file is removed.
 *
 * @throws WrongUse for an existing file, or what `work` throws
 */
export async function withNewPassword<T>(
  passwordFile: string,
  work: (password: string) => Promise<T>,
): Promise<T> {
  const password = randomBytes(24).toString('base64url');
  writeNewFile(passwordFile, `${password}\n`);
  try {
    return await work(password);
  } catch (error) {
    rmSync(passwordFile, { force: true });
    throw error;
  }
}

function writeNewFile(path: string, content: string): void {
  try {
    writeFileSync(path, content, { mode: 0o600, flag: 'wx' });
  } catch (error) {
    throw new WrongUse(`--password-file: cannot create a new file: ${reasonOf(error)}`);
  }
}

/** For the errors of the management API. */
export function asFailure(error: unknown): never {
  throw managementFailure(error);
}

/** @throws WrongUse where the result is a refusal of what the option or argument named `what` says */
export function orWrongUse<T>(what: string, result: Result<T>): T {
  if (result.ok) return result.value;
  const { expected, got } = result.invalid;
  throw new WrongUse(`${what}: expected ${expected}, got ${got}`);
}
