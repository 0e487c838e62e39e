import { describe } from '@backup-awareness/contracts/plain';
import { refuseWith } from '../administration/refused-error.js';

/** What somebody may do in the console: a viewer reads all but secrets, an operator may also change things. */
export const CONSOLE_ROLES = ['viewer', 'operator'] as const;
export type ConsoleRole = (typeof CONSOLE_ROLES)[number];

/** Who uses the console. */
export interface Identity {
  /** As the audit log names them, such as `token:reports`. */
  readonly who: string;
  readonly role: ConsoleRole;
}

/** @throws RefusedError for any other text */
export function parseConsoleRole(text: string): ConsoleRole {
  return (
    CONSOLE_ROLES.find((role) => role === text) ??
    refuseWith('role', CONSOLE_ROLES.join(' or '), describe(text))
  );
}
