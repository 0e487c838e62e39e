import { requireUrl, variableText } from '@backup-awareness/service/variable-text';
import { isDenied, permissionDenied } from './denied.js';
import { Unreachable } from '../output/failure.js';

/**
 * A variable of the environment, from `NAME` or from the file that `NAME_FILE` names; undefined if neither is set.
 *
 * @throws ConfigurationError where both are set, or the file cannot be read; Unreachable where this user may not read it
 */
export function readVariable(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  try {
    return variableText(environment, name);
  } catch (error) {
    if (!isDenied((error as Error).cause)) throw error;
    throw deniedFile(name, environment[`${name}_FILE`] ?? '');
  }
}

function deniedFile(name: string, fileName: string): Unreachable {
  const { message } = permissionDenied(
    `read ${fileName}`,
    `run this as the user that owns it, or set ${name} or another ${name}_FILE`,
  );
  return new Unreachable(`${name}_FILE: ${message}`);
}

/**
 * A URL from the environment; undefined where it is not set.
 *
 * @throws ConfigurationError where it is none of these protocols, without showing it
 */
export function readUrl(
  environment: NodeJS.ProcessEnv,
  name: string,
  protocols: readonly string[],
): string | undefined {
  const text = readVariable(environment, name);
  return text === undefined ? undefined : requireUrl(name, text, protocols);
}
