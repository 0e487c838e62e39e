import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { StartFailure } from '@backup-awareness/local-servers';
import { checkout } from './checkout.js';

/** What a person may tell `npm start` through the environment. */
export interface StartSettings {
  readonly runDirectory: string;
  readonly isDefaultRunDirectory: boolean;
  /** A broker that runs already, as its administrator; ends in the virtual host's name. */
  readonly amqpUrl?: string;
  /** That broker's management API, through which each service gets a user of its own. */
  readonly managementUrl?: string;
  /** A database that exists already, as its owner. */
  readonly databaseUrl?: string;
  /** Handed on to the services as they are. */
  readonly forServices: Readonly<Record<string, string>>;
  /** Whom the notifier tells, and how; undefined where nobody is to be told. */
  readonly forNotifier?: Readonly<Record<string, string>>;
}

const FOR_SERVICES = ['LOG_LEVEL', 'AMQP_CA', 'AMQP_CERT', 'AMQP_KEY', 'DATABASE_CA'];
/** Any of them has the notifier started. */
const DESTINATIONS = ['ALERTMANAGER_URLS', 'WEBHOOK_URL', 'SMTP_URL', 'OVIRT_API_URL'];
const FOR_NOTIFIER = [
  ...DESTINATIONS,
  'WEBHOOK_SECRET',
  'MAIL_FROM',
  'MAIL_TO',
  'DIGEST_CRON',
  'OVIRT_API_USER',
  'OVIRT_API_PASSWORD',
  'OVIRT_API_CA',
  'CONSOLE_URL',
  'RUNBOOK_URL',
];
const FOR_NODE = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_EXTRA_CA_CERTS'];

/** @throws StartFailure naming the variable, what was expected, and never what a secret one held */
export function readSettings(environment: NodeJS.ProcessEnv): StartSettings {
  const amqpUrl = readUrl(environment, 'AMQP_URL', ['amqp:', 'amqps:']);
  const managementUrl = readUrl(environment, 'AMQP_MANAGEMENT_URL', ['http:', 'https:']);
  const databaseUrl = readUrl(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']);
  const runDirectory = environment['RUN_DIR'];
  return {
    runDirectory: runDirectory || join(checkout, '.run'),
    isDefaultRunDirectory: !runDirectory,
    ...(amqpUrl ? { amqpUrl: withVirtualHost(amqpUrl) } : {}),
    ...(amqpUrl && managementUrl ? { managementUrl } : {}),
    ...(databaseUrl ? { databaseUrl } : {}),
    forServices: given(environment, [...FOR_NODE, ...withFiles(FOR_SERVICES)]),
    ...(Object.keys(given(environment, withFiles(DESTINATIONS))).length > 0
      ? { forNotifier: given(environment, withFiles(FOR_NOTIFIER)) }
      : {}),
  };
}

function withFiles(names: readonly string[]): string[] {
  return names.flatMap((name) => [name, `${name}_FILE`]);
}

function given(environment: NodeJS.ProcessEnv, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
}

/** Without a path AMQP means the virtual host `/`; clients read a lone slash differently. */
function withVirtualHost(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/%2F';
  return url.href;
}

/** The virtual host that an AMQP URL names. */
export function virtualHostOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).pathname.slice(1));
}

function readUrl(
  environment: NodeJS.ProcessEnv,
  name: string,
  protocols: readonly string[],
): string | undefined {
  const value = readValue(environment, name);
  if (!value) return undefined;
  if (URL.canParse(value) && protocols.includes(new URL(value).protocol)) return value;
  throw new StartFailure(
    `${name}: expected a URL that begins with ${protocols.map((one) => `${one}//`).join(' or ')}, got ${value.length} characters that are not one.`,
  );
}

function readValue(environment: NodeJS.ProcessEnv, name: string): string | undefined {
  const file = environment[`${name}_FILE`];
  if (!file) return environment[name];
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StartFailure(`${name}_FILE: ${(error as Error).message}`);
  }
}
