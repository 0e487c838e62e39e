import { userInfo } from 'node:os';
import { Unreachable } from '../output/failure.js';

/** Whether an error says that this user may not: nothing is known then, not even that nothing is there. */
export function isDenied(error: unknown): boolean {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  return code === 'EACCES' || code === 'EPERM';
}

/** What to tell a user that may not: `what` as `read /path`, and the way out. */
export function permissionDenied(what: string, remedy: string): Unreachable {
  return new Unreachable(`permission denied: user ${userName()} may not ${what}; ${remedy}`);
}

/** The user of the operating system. A container may run under a number that has no name. */
export function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid ${process.geteuid?.() ?? 'unknown'}`;
  }
}
