import { z } from 'zod';
import { ConfigurationError, hidden, isUrlOf, variableText } from './variable-text.js';

export { ConfigurationError } from './variable-text.js';

/** A service's variables, by name; each schema's error message says what is expected. */
export type Variables = z.ZodObject;
export type Configuration<V extends Variables> = z.output<V>;

/**
 * Reads all variables, each from `NAME` or from the file that `NAME_FILE` names.
 *
 * @throws ConfigurationError for the first one that is missing or invalid
 */
export function readConfiguration<V extends Variables>(
  variables: V,
  environment: NodeJS.ProcessEnv,
): Configuration<V> {
  const names = Object.keys(variables.shape);
  const texts = Object.fromEntries(names.map((name) => [name, variableText(environment, name)]));
  const read = variables.safeParse(texts);
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  const name = String(path[0]);
  throw new ConfigurationError(
    `${name}: expected ${message}${gotInWords(name, texts[name], isSecret(variables.shape[name]))}`,
  );
}

function gotInWords(name: string, text: string | undefined, isSecret: boolean): string {
  if (text === undefined) return ` (or ${name}_FILE, a file that contains it), got nothing`;
  return `, got ${isSecret ? hidden(text) : JSON.stringify(text)}`;
}

/** Marks a variable whose text is never shown, not even in an error. */
export function secret<S extends z.ZodType>(schema: S): S {
  return schema.meta({ isSecret: true });
}

function isSecret(schema: unknown): boolean {
  return (schema as z.ZodType).meta()?.['isSecret'] === true;
}

/** A text that `isAcceptable`. */
export function textVariable(expected: string, isAcceptable: (text: string) => boolean) {
  return z.string({ error: expected }).refine(isAcceptable, { error: expected });
}

/** A URL of one of these protocols (`http:` …). */
export function urlVariable(protocols: readonly string[], example: string) {
  return textVariable(`a URL such as ${example}`, (text) => isUrlOf(protocols, text));
}

/** An optional certificate or key, in PEM. */
export function pemVariable(what: string) {
  const expected = `${what} in PEM`;
  return secret(textVariable(expected, (text) => text.includes('-----BEGIN')).optional());
}

export function amqpUrlVariable() {
  return secret(urlVariable(['amqp:', 'amqps:'], 'amqp://user:password@host:5672/%2F'));
}

/** Any text, optional. */
export function optionalTextVariable(expected: string) {
  return z.string({ error: expected }).optional();
}

const PORT_EXPECTED = 'a port, 0 (any free one) to 65535';
const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** The variables of every service. */
export const SERVICE_VARIABLES = z.object({
  AMQP_URL: amqpUrlVariable(),
  AMQP_CA: pemVariable('the certificate of the authority that signed the broker’s'),
  AMQP_CERT: pemVariable('the certificate that this service shows to the broker'),
  AMQP_KEY: pemVariable('the private key of AMQP_CERT'),
  AMQP_MANAGEMENT_URL: secret(
    urlVariable(['http:', 'https:'], 'http://monitor:password@host:15672').optional(),
  ),
  DATABASE_URL: secret(
    urlVariable(['postgres:', 'postgresql:'], 'postgres://user:password@host:5432/database'),
  ),
  DATABASE_CA: pemVariable('the certificate of the authority that signed the database’s'),
  DATABASE_CERT: pemVariable('the certificate that this service shows to the database'),
  DATABASE_KEY: pemVariable('the private key of DATABASE_CERT'),
  HTTP_PORT: textVariable(
    PORT_EXPECTED,
    (text) => /^\d{1,5}$/.test(text) && Number(text) <= 65_535,
  ).transform(Number),
  HTTP_HOST: textVariable('an address or a host name to listen on', (text) =>
    /^[\w.:-]+$/.test(text),
  ).default('127.0.0.1'),
  LOG_LEVEL: z.enum(LOG_LEVELS, { error: `one of ${LOG_LEVELS.join(', ')}` }).default('info'),
});

export type ServiceConfiguration = Configuration<typeof SERVICE_VARIABLES>;
