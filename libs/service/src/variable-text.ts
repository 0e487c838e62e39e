import { readFileSync } from 'node:fs';

/** One line for the person who starts a program: which variable, what was expected, what came. Never what a secret one holds. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * The text of a variable of the environment: of `NAME`, or of the file that `NAME_FILE` names, without the line break at its end.
 * Undefined where neither is set; an empty text counts as not set.
 *
 * @throws ConfigurationError where both are set, or the file cannot be read
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
      `${name}_FILE: expected a file that can be read, got ${JSON.stringify(path)} (${(error as Error).message})`,
      { cause: error },
    );
  }
}

/** Whether a text is a URL of one of these protocols (`amqp:` …). */
export function isUrlOf(protocols: readonly string[], text: string): boolean {
  return URL.canParse(text) && protocols.includes(new URL(text).protocol);
}

/**
 * The text, which is a URL of one of these protocols (`amqp:` …).
 *
 * @throws ConfigurationError where it is none; it may hold a password, and is not shown
 */
export function requireUrl(name: string, text: string, protocols: readonly string[]): string {
  if (isUrlOf(protocols, text)) return text;
  const expected = protocols.map((protocol) => `${protocol}//`).join(' or ');
  throw new ConfigurationError(
    `${name}: expected a URL that begins with ${expected}, got ${hidden(text)}`,
  );
}

/** What an error says of a text that it must not show. */
export function hidden(text: string): string {
  return `${text.length} characters (not shown)`;
}
