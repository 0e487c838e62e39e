import { isUrlOf, variableText } from '@backup-awareness/service/variable-text';
import { isDenied, permissionDenied } from './denied.js';
import { Unreachable, WrongUse } from '../output/failure.js';

/**
 * A variable of the environment, from `NAME` or from the file that `NAME_FILE` names; undefined if neither is set.
 *
 * @throws WrongUse if both are set, or the file cannot be read; Unreachable if this user may not read it
 */
export function readVariable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  try {
    return variableText(environment, name);
  } catch (error) {
    const { message, cause } = error as Error;
    if (isDenied(cause)) throw deniedFile(name, environment[`${name}_FILE`] ?? '');
    throw new WrongUse(message);
  }
}

function deniedFile(name: string, fileName: string): Unreachable {
  const { message } = permissionDenied(
    `read ${fileName}`,
    `run this as the user that owns it, or set ${name} or another ${name}_FILE`,
  );
  return new Unreachable(`${name}_FILE: ${message}`);
}

/** A URL from the environment. @throws WrongUse if it is invalid */
export function readUrl(
  environment: NodeJS.ProcessEnv,
  name: string,
  protocols: readonly string[],
): string | undefined {
  const text = readVariable(environment, name);
  return text === undefined ? undefined : requireUrl(name, text, protocols);
}

/** @throws WrongUse if it is not such a URL; the message does not show it, as it may hold a password */
export function requireUrl(name: string, text: string, protocols: readonly string[]): string {
  if (isUrlOf(protocols, text)) return text;
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  throw new WrongUse(
    `${name}: expected a URL that begins with ${expected}, got ${text.length} other characters`,
  );
}

/**
 * Passwords from the environment, each from its variable.
 *
 * @throws WrongUse naming every missing variable
 */
export function readPasswords<Name extends string>(
  environment: NodeJS.ProcessEnv,
  variables: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const entries = Object.entries<string>(variables).map(
    ([name, variable]) => [name, variable, readVariable(environment, variable)] as const,
  );
  const missing = entries.filter(([, , value]) => value === undefined);
  if (missing.length > 0) {
    const names = missing.map(([, variable]) => variable).join(', ');
    throw new WrongUse(`expected passwords in ${names} (or in files named by …_FILE), got none`);
  }
  return Object.fromEntries(entries.map(([name, , value]) => [name, value])) as Record<
    Name,
    string
  >;
}
