import { accept, describe, refuse, type Result } from './result.js';

/** The names that an administrator may give to the broker user of a host. */
const HOST_USER = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

/** Parses the name of the broker user of an engine host. */
export function parseHostUser(name: string): Result<string> {
  if (HOST_USER.test(name)) return accept(name);
  return refuse(
    'broker_user',
    'a name of 1 to 64 letters, digits, dots, hyphens, underscores and at signs that begins with a letter or digit',
    describe(name),
  );
}
