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

export const SERVICE_URLS_EXPECTED =
  'services separated by commas, each as ingest=http://ingest:8080';

/** The URLs of services, by name, from a text such as `ingest=http://ingest:8080,audit=http://audit:8080`; undefined if it is none. */
export function parseServiceUrls(text: string): Readonly<Record<string, string>> | undefined {
  const pairs = text
    .split(',')
    .map((pair) => pair.trim())
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)] as const;
    });
  const isService = ([name, url]: readonly [string, string]) =>
    /^[a-z-]+$/.test(name) && isUrlOf(['http:', 'https:'], url);
  return pairs.every(isService) ? Object.fromEntries(pairs) : undefined;
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
