import { readFileSync } from 'node:fs';

/** A variable of the environment: how its text is read, and what is said where it cannot be. */
export interface Variable<T> {
  readonly expected: string;
  /** Undefined where the text is not acceptable. */
  readonly read: (text: string) => T | undefined;
  readonly fallback?: T;
  /** Never shown, not even when it is wrong. */
  readonly isSecret?: boolean;
}

export type Variables = Readonly<Record<string, Variable<unknown>>>;

export type Configuration<V extends Variables> = {
  readonly [Name in keyof V]: V[Name] extends Variable<infer T> ? T : never;
};

/** One line for whoever starts the service: which variable, what was expected, what came. */
export class ConfigurationError extends Error {
  override readonly name = 'ConfigurationError';
}

/**
 * Reads all variables at once, each from `NAME` or from the file that `NAME_FILE` names.
 *
 * @throws ConfigurationError for the first that is missing or not acceptable.
 */
export function readConfiguration<V extends Variables>(
  variables: V,
  environment: NodeJS.ProcessEnv,
): Configuration<V> {
  const entries = Object.entries(variables).map(([name, variable]) => [
    name,
    readVariable(name, variable, environment),
  ]);
  return Object.fromEntries(entries) as Configuration<V>;
}

function readVariable(
  name: string,
  variable: Variable<unknown>,
  environment: NodeJS.ProcessEnv,
): unknown {
  const text = textOf(name, environment);
  if (text === undefined) {
    if ('fallback' in variable) return variable.fallback;
    throw new ConfigurationError(
      `${name}: expected ${variable.expected} (or ${name}_FILE, a file that holds it), got nothing`,
    );
  }
  const value = variable.read(text);
  if (value !== undefined) return value;
  const got = variable.isSecret
    ? `${text.length} characters that are not shown, since they may hold a secret`
    : JSON.stringify(text);
  throw new ConfigurationError(`${name}: expected ${variable.expected}, got ${got}`);
}

function textOf(name: string, environment: NodeJS.ProcessEnv): string | undefined {
  const text = environment[name];
  const fileName = environment[`${name}_FILE`];
  if (text !== undefined && fileName !== undefined)
    throw new ConfigurationError(`${name}: expected ${name} or ${name}_FILE, got both`);
  if (fileName === undefined) return text;
  try {
    return readFileSync(fileName, 'utf8').trimEnd();
  } catch (error) {
    throw new ConfigurationError(
      `${name}_FILE: expected a file that can be read, got ${JSON.stringify(fileName)} (${(error as Error).message})`,
    );
  }
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

export function urlVariable(protocols: readonly string[], example: string): Variable<string> {
  return {
    expected: `a URL as ${example}`,
    isSecret: true,
    read: (text) =>
      URL.canParse(text) && protocols.includes(new URL(text).protocol) ? text : undefined,
  };
}

/** Text that is not there unless it is given: certificates and keys, in PEM. */
export function pemVariable(what: string): Variable<string | undefined> {
  return {
    expected: `${what} in PEM`,
    isSecret: true,
    fallback: undefined,
    read: (text) => (text.includes('-----BEGIN') ? text : undefined),
  };
}

const AMQP_EXAMPLE = 'amqp://user:password@host:5672/%2F';

export function amqpUrlVariable(): Variable<string> {
  return urlVariable(['amqp:', 'amqps:'], AMQP_EXAMPLE);
}

/** What every service is configured by. */
export const SERVICE_VARIABLES = {
  AMQP_URL: amqpUrlVariable(),
  AMQP_CA: pemVariable('the certificate of the authority that signed the broker’s'),
  AMQP_CERT: pemVariable('the certificate that this service shows to the broker'),
  AMQP_KEY: pemVariable('the private key of AMQP_CERT'),
  AMQP_MANAGEMENT_URL: {
    ...urlVariable(['http:', 'https:'], 'http://monitor:password@host:15672'),
    fallback: undefined,
  } as Variable<string | undefined>,
  DATABASE_URL: urlVariable(
    ['postgres:', 'postgresql:'],
    'postgres://user:password@host:5432/database',
  ),
  DATABASE_CA: pemVariable('the certificate of the authority that signed the database’s'),
  HTTP_PORT: {
    expected: 'a port, 0 (any free one) to 65535',
    read: (text: string) =>
      /^\d{1,5}$/.test(text) && Number(text) <= 65_535 ? Number(text) : undefined,
  } as Variable<number>,
  HTTP_HOST: {
    expected: 'an address or a host name to listen on',
    fallback: '127.0.0.1',
    read: (text: string) => (/^[\w.:-]+$/.test(text) ? text : undefined),
  } as Variable<string>,
  LOG_LEVEL: {
    expected: `one of ${LOG_LEVELS.join(', ')}`,
    fallback: 'info',
    read: (text: string) => LOG_LEVELS.find((level) => level === text),
  } as Variable<string>,
};

export type ServiceConfiguration = Configuration<typeof SERVICE_VARIABLES>;
