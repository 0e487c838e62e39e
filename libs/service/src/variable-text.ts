import { readFileSync } from 'node:fs';

/** A variable is invalid. The message is one line that names it, what was expected and what it has; never a secret. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * The text of an environment variable: of `NAME`, or of the file that `NAME_FILE` names, without trailing white space. Undefined if
 * neither is set; an empty text counts as not set.
 *
 * @throws ConfigurationError if both are set, or the file cannot be read
 */
export function variableText(
  environment: Readonly<NodeJS.ProcessEnv>,
  name: string,
): string | undefined {
  const text = environment[name] || undefined;
  const path = environment[`${name}_FILE`] || undefined;
  if (path === undefined) return text;
  if (text !== undefined)
    throw new ConfigurationError(`${name}: expected ${name} or ${name}_FILE, got both`);
  try {
    return readFileSync(path, 'utf8').trimEnd() || undefined;
  } catch (error) {
    throw new ConfigurationError(
      `${name}_FILE: expected a readable file, got ${JSON.stringify(path)} (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Whether a text is a URL of one of these protocols (`amqp:` …). */
export function isUrlOf(protocols: readonly string[], text: string): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}
