import { join } from 'node:path';
import { requireUrl, variableText } from '@backup-awareness/service/variable-text';
import { checkout } from './checkout.js';

/** The settings of `npm start`, from the environment. */
export interface StartSettings {
  readonly runDirectory: string;
  readonly isDefaultRunDirectory: boolean;
  /** An existing broker, as its administrator; ends in the virtual host's name. */
  readonly amqpUrl?: string;
  /** That broker's management API, through which each service gets its own user. */
  readonly managementUrl?: string;
  /** An existing database, as its owner. */
  readonly databaseUrl?: string;
  /** Variables that are passed on to the services. */
  readonly forServices: Readonly<Record<string, string>>;
  /** Where browsers find the console, if that is another place than where it listens. */
  readonly consoleUrl?: string;
  /** Where browsers find it, and how people sign in there. */
  readonly forConsole: Readonly<Record<string, string>>;
  /** Whom the notifier tells, and how; undefined where nobody is to be told. */
  readonly forNotifier?: Readonly<Record<string, string>>;
}

const FOR_SERVICES = ['LOG_LEVEL', 'ENGINE_METRICS', 'AMQP_CA', 'AMQP_CERT', 'AMQP_KEY'];
/** For a given database only: ours has no TLS. */
const FOR_DATABASE = ['DATABASE_CA', 'DATABASE_CERT', 'DATABASE_KEY'];
/** Any of them has the notifier started. */
const DESTINATIONS = [
  'ALERTMANAGER_URLS',
  'WEBHOOK_URL',
  'SMTP_URL',
  'OVIRT_API_URL',
  'HEARTBEAT_URL',
];
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
const FOR_CONSOLE = [
  'CONSOLE_URL',
  'OIDC_ISSUER',
  'OIDC_CA',
  'OIDC_CLIENT_ID',
  'OIDC_CLIENT_SECRET',
  'OIDC_ROLE_CLAIM',
  'OIDC_OPERATOR_VALUE',
  'OIDC_VIEWER_VALUE',
];
const FOR_NODE = ['PATH', 'HOME', 'LANG', 'TZ', 'NODE_EXTRA_CA_CERTS'];

/** @throws ConfigurationError naming the variable and what was expected, never what a secret one holds */
export function readSettings(environment: NodeJS.ProcessEnv): StartSettings {
  const amqpUrl = readUrl(environment, 'AMQP_URL', ['amqp:', 'amqps:']);
  const managementUrl = readUrl(environment, 'AMQP_MANAGEMENT_URL', ['http:', 'https:']);
  const databaseUrl = readUrl(environment, 'DATABASE_URL', ['postgres:', 'postgresql:']);
  const consoleUrl = readUrl(environment, 'CONSOLE_URL', ['http:', 'https:']);
  const runDirectory = environment['RUN_DIR'];
  return {
    runDirectory: runDirectory || join(checkout, '.run'),
    isDefaultRunDirectory: !runDirectory,
    ...(amqpUrl ? { amqpUrl: withVirtualHost(amqpUrl) } : {}),
    ...(amqpUrl && managementUrl ? { managementUrl } : {}),
    ...(databaseUrl ? { databaseUrl } : {}),
    forServices: given(environment, [
      ...FOR_NODE,
      ...withFiles(FOR_SERVICES),
      ...(databaseUrl ? withFiles(FOR_DATABASE) : []),
    ]),
    ...(consoleUrl ? { consoleUrl } : {}),
    forConsole: given(environment, withFiles(FOR_CONSOLE)),
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

/** Without a path, AMQP means the virtual host `/`; clients differ on a lone slash. */
function withVirtualHost(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/%2F';
  return url.href;
}

function readUrl(
  environment: NodeJS.ProcessEnv,
  name: string,
  protocols: readonly string[],
): string | undefined {
  const text = variableText(environment, name);
  return text === undefined ? undefined : requireUrl(name, text, protocols);
}
