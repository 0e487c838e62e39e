import { userInfo } from 'node:os';
import { Unreachable } from '../output/failure.js';

/** Whether the error is a lack of permission: then nothing is known, not even whether something exists. */
export function isDenied(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
}

/** The error for a user without permission. @param what such as `read /path` */
export function permissionDenied(what: string, remedy: string): Unreachable {
  return new Unreachable(`permission denied: user ${userName()} may not ${what}; ${remedy}`);
}

/** The user of the operating system. A container may run as a number without a name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.geteuid?.() ?? 'unknown'}`;
  }
}
