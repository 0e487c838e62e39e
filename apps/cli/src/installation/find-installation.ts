import {
  ConfigurationError,
  hidden,
  isUrlOf,
  parseServiceUrls,
  SERVICE_URLS_EXPECTED,
} from '@backup-awareness/service/variable-text';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDenied, permissionDenied } from './denied.js';
import { readUrl, readVariable } from './environment.js';
import { reasonOf, Unreachable } from '../output/failure.js';

/** Where everything is that a command may need; a part that is not configured is undefined. */
export interface Installation {
  readonly databaseUrl: string | undefined;
  readonly amqpUrl: string | undefined;
  /** The identities for reading, if endpoints.json has them. */
  readonly readerDatabaseUrl?: string | undefined;
  readonly monitorAmqpUrl?: string | undefined;
  /** The broker as `replay`, which works with dead letters, if endpoints.json has it. */
  readonly replayAmqpUrl?: string | undefined;
  /** The broker's management API as the administrator, if endpoints.json has it. */
  readonly managementUrl: string | undefined;
  /** The URL of each service, by name. */
  readonly services: Readonly<Record<string, string>> | undefined;
  /** That of `npm start`, if it runs the installation; the passwords are there, too. */
  readonly runDirectory?: string | undefined;
}

export const DATABASE_PROTOCOLS = ['postgres:', 'postgresql:'];
const AMQP_PROTOCOLS = ['amqp:', 'amqps:'];
export const HTTP_PROTOCOLS = ['http:', 'https:'];

/**
 * Finds the installation by DATABASE_URL and AMQP_URL, and its services by SERVICE_URLS; if neither of the first two is set, by the `endpoints.json` that a running
 * `npm start` keeps. The two are never mixed, so that one command never speaks to two installations.
 *
 * @throws Unreachable if nothing is running, or this user may not read it; WrongUse for an invalid variable
 */
export function findInstallation(environment: NodeJS.ProcessEnv): Installation {
  const databaseUrl = readUrl(environment, 'DATABASE_URL', DATABASE_PROTOCOLS);
  const amqpUrl = readUrl(environment, 'AMQP_URL', AMQP_PROTOCOLS);
  const folders = runDirectories(environment);
  if (databaseUrl !== undefined || amqpUrl !== undefined)
    return {
      databaseUrl,
      amqpUrl: amqpUrl && withVirtualHost(amqpUrl),
      managementUrl: undefined,
      services: readServiceUrls(environment) ?? servicesOf(folders, databaseUrl),
    };
  const endpoints = readEndpoints(folders);
  const { monitorAmqpUrl, replayAmqpUrl } = endpoints;
  return {
    ...endpoints,
    amqpUrl: withVirtualHost(endpoints.amqpUrl),
    monitorAmqpUrl: monitorAmqpUrl && withVirtualHost(monitorAmqpUrl),
    replayAmqpUrl: replayAmqpUrl && withVirtualHost(replayAmqpUrl),
  };
}

/** RUN_DIR alone if it is set; else `.run` in the current folder, and in the checkout that holds this program. */
function runDirectories(environment: NodeJS.ProcessEnv): string[] {
  const named = environment['RUN_DIR'];
  if (named) return [resolve(named)];
  const program = dirname(fileURLToPath(import.meta.url));
  return [...new Set([resolve('.run'), resolve(program, '../../../../.run')])];
}

export interface Endpoints {
  readonly databaseUrl: string;
  readonly amqpUrl: string;
  readonly readerDatabaseUrl: string | undefined;
  readonly monitorAmqpUrl: string | undefined;
  readonly replayAmqpUrl: string | undefined;
  readonly managementUrl: string | undefined;
  readonly services: Readonly<Record<string, string>>;
  readonly runDirectory: string;
}

/** @throws ConfigurationError where SERVICE_URLS is something else; a URL may hold a password, and is not shown */
function readServiceUrls(environment: NodeJS.ProcessEnv): Installation['services'] {
  const text = readVariable(environment, 'SERVICE_URLS');
  if (text === undefined) return undefined;
  const services = parseServiceUrls(text);
  if (services) return services;
  throw new ConfigurationError(
    `SERVICE_URLS: expected ${SERVICE_URLS_EXPECTED}, got ${hidden(text)}`,
  );
}

/** The services that use this database, if endpoints.json has them. */
function servicesOf(
  folders: readonly string[],
  databaseUrl: string | undefined,
): Installation['services'] {
  if (databaseUrl === undefined) return undefined;
  try {
    const endpoints = readEndpoints(folders);
    return endpoints.databaseUrl === databaseUrl ? endpoints.services : undefined;
  } catch {
    // A command with DATABASE_URL does not depend on the file of another installation.
    return undefined;
  }
}

/**
 * Reads the first `endpoints.json` in these folders.
 *
 * @throws Unreachable if none has one, or this user may not look
 */
export function readEndpoints(folders: readonly string[]): Endpoints {
  let denied: string | undefined;
  for (const folder of folders) {
    const path = join(folder, 'endpoints.json');
    const text = readIfThere(path);
    if (text === 'denied') {
      denied ??= folder;
      continue;
    }
    if (text === undefined) continue;
    const endpoints = parseEndpoints(text.content);
    if (!endpoints) throw new Error(`${path} is not as npm start writes it`);
    return { ...endpoints, runDirectory: folder };
  }
  if (denied !== undefined) throw permissionDenied(`look into ${denied}`, AS_ITS_USER);
  throw new Unreachable(
    `nothing is running: there is no endpoints.json in ${folders.join(' or ')}; start with npm start, or set DATABASE_URL and AMQP_URL, or RUN_DIR`,
  );
}

const AS_ITS_USER =
  'run this as the user that runs npm start, or set DATABASE_URL and AMQP_URL, or RUN_DIR';

/**
 * Undefined if there is no such file; `denied` if this user may not even see whether there is.
 *
 * @throws Unreachable if it exists and cannot be read
 */
function readIfThere(path: string): { readonly content: string } | 'denied' | undefined {
  try {
    return { content: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (!isDenied(error)) throw new Unreachable(`cannot read ${path}: ${reasonOf(error)}`);
    if (existsSync(path)) throw permissionDenied(`read ${path}`, AS_ITS_USER);
    return 'denied';
  }
}

function parseEndpoints(text: string): Omit<Endpoints, 'runDirectory'> | undefined {
  try {
    const content = JSON.parse(text) as Record<string, unknown>;
    const { databaseUrl, amqpUrl, services } = content;
    const optional = (name: string, protocols: readonly string[]) =>
      isUrl(content[name], protocols) ? content[name] : undefined;
    if (!isUrl(databaseUrl, DATABASE_PROTOCOLS) || !isUrl(amqpUrl, AMQP_PROTOCOLS))
      return undefined;
    const entries = Object.entries((services ?? {}) as Record<string, { url?: unknown }>);
    const urls = entries.flatMap(([name, { url }]) =>
      typeof url === 'string' ? [[name, url] as const] : [],
    );
    return {
      databaseUrl,
      amqpUrl,
      readerDatabaseUrl: optional('readerDatabaseUrl', DATABASE_PROTOCOLS),
      monitorAmqpUrl: optional('monitorAmqpUrl', AMQP_PROTOCOLS),
      replayAmqpUrl: optional('replayAmqpUrl', AMQP_PROTOCOLS),
      managementUrl: optional('amqpManagementUrl', HTTP_PROTOCOLS),
      services: Object.fromEntries(urls),
    };
  } catch {
    return undefined;
  }
}

function isUrl(value: unknown, protocols: readonly string[]): value is string {
  return typeof value === 'string' && isUrlOf(protocols, value);
}

/** Without a path, AMQP means the virtual host `/`; clients differ about a lone slash. */
function withVirtualHost(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/%2F';
  return url.href;
}

/** The database for reading, as the reader if there is one. @throws Unreachable if no database is configured */
export function databaseToRead(installation: Installation): string {
  return installation.readerDatabaseUrl ?? requireDatabase(installation);
}

/** The broker for reading, as `monitor` if there is one; undefined if no broker is configured. */
export function brokerToRead({ monitorAmqpUrl, amqpUrl }: Installation): string | undefined {
  return monitorAmqpUrl ?? amqpUrl;
}

/**
 * The broker's management API as `monitor`, which may compare everything but users; as the administrator if there is no `monitor`,
 * undefined if the API is not configured.
 */
export function managementToRead({
  managementUrl,
  monitorAmqpUrl,
}: Installation): string | undefined {
  if (managementUrl === undefined || monitorAmqpUrl === undefined) return managementUrl;
  const { username, password } = new URL(monitorAmqpUrl);
  return Object.assign(new URL(managementUrl), { username, password }).href;
}

/** @throws Unreachable if no database is configured */
export function requireDatabase({ databaseUrl }: Installation): string {
  if (databaseUrl !== undefined) return databaseUrl;
  throw new Unreachable('DATABASE_URL is not set, and AMQP_URL is: set both');
}

/** @throws Unreachable if no broker is configured */
export function requireBroker({ amqpUrl }: Installation): string {
  if (amqpUrl !== undefined) return amqpUrl;
  throw new Unreachable('AMQP_URL is not set, and DATABASE_URL is: set both');
}

/** The user in a URL of a broker. */
export function brokerUserOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).username) || 'guest';
}
