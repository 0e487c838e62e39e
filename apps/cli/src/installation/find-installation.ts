import { isUrlOf } from '@backup-awareness/service/variable-text';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isDenied, permissionDenied } from './denied.js';
import { readUrl } from './environment.js';
import { reasonOf, Unreachable } from '../output/failure.js';

/** Where everything is that a command may need; a part that nothing tells of is undefined. */
export interface Installation {
  readonly databaseUrl: string | undefined;
  readonly amqpUrl: string | undefined;
  /** The identities of whoever only reads, where endpoints.json tells of them. */
  readonly readerDatabaseUrl?: string | undefined;
  readonly monitorAmqpUrl?: string | undefined;
  /** The broker's management API, where endpoints.json tells of it. */
  readonly managementUrl: string | undefined;
  /** Where each service answers, by name. */
  readonly services: Readonly<Record<string, string>> | undefined;
}

const DATABASE_PROTOCOLS = ['postgres:', 'postgresql:'];
const AMQP_PROTOCOLS = ['amqp:', 'amqps:'];
export const HTTP_PROTOCOLS = ['http:', 'https:'];

/**
 * Finds the installation by DATABASE_URL and AMQP_URL; where neither is set, by the `endpoints.json` that a running
 * `npm start` keeps. The two are never mixed, so that one command never speaks to two installations.
 *
 * @throws Unreachable where nothing is running, or this user may not look; WrongUse for a variable that is wrong
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
      services: servicesOf(folders, databaseUrl),
    };
  const endpoints = readEndpoints(folders);
  const { monitorAmqpUrl } = endpoints;
  return {
    ...endpoints,
    amqpUrl: withVirtualHost(endpoints.amqpUrl),
    monitorAmqpUrl: monitorAmqpUrl && withVirtualHost(monitorAmqpUrl),
  };
}

/** RUN_DIR alone where it is set; else the current folder's `.run`, and that of the checkout this program lies in. */
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
  readonly managementUrl: string | undefined;
  readonly services: Readonly<Record<string, string>>;
}

/** The services that work with this database, where endpoints.json tells of them. */
function servicesOf(
  folders: readonly string[],
  databaseUrl: string | undefined,
): Installation['services'] {
  if (databaseUrl === undefined) return undefined;
  try {
    const endpoints = readEndpoints(folders);
    return endpoints.databaseUrl === databaseUrl ? endpoints.services : undefined;
  } catch {
    // Another installation's file is no concern of a command that was told where to go.
    return undefined;
  }
}

/**
 * What the first of these folders that has an `endpoints.json` tells.
 *
 * @throws Unreachable where none has one, or this user may not look
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
    return endpoints;
  }
  if (denied !== undefined) throw permissionDenied(`look into ${denied}`, AS_ITS_USER);
  throw new Unreachable(
    `nothing is running: there is no endpoints.json in ${folders.join(' or ')}; start with npm start, or set DATABASE_URL and AMQP_URL, or RUN_DIR`,
  );
}

const AS_ITS_USER =
  'run this as the user that runs npm start, or set DATABASE_URL and AMQP_URL, or RUN_DIR';

/**
 * Undefined where there is no such file; `denied` where this user may not even see whether there is.
 *
 * @throws Unreachable where it is there and cannot be read
 */
function readIfThere(path: string): { readonly content: string } | 'denied' | undefined {
  try {
    return { content: readFileSync(path, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (!isDenied(error))
      throw new Unreachable(`cannot read where the installation is: ${reasonOf(error)}`);
    if (existsSync(path)) throw permissionDenied(`read ${path}`, AS_ITS_USER);
    return 'denied';
  }
}

function parseEndpoints(text: string): Endpoints | undefined {
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

/** Without a path AMQP means the virtual host `/`; clients read a lone slash differently. */
function withVirtualHost(amqpUrl: string): string {
  const url = new URL(amqpUrl);
  if (url.pathname === '' || url.pathname === '/') url.pathname = '/%2F';
  return url.href;
}

/** Where to read the database, as who may do nothing else where that is known. @throws Unreachable where nothing tells of a database */
export function databaseToRead(installation: Installation): string {
  return installation.readerDatabaseUrl ?? requireDatabase(installation);
}

/** The broker, as who may only look where that is known; undefined where nothing tells of one. */
export function brokerToRead({ monitorAmqpUrl, amqpUrl }: Installation): string | undefined {
  return monitorAmqpUrl ?? amqpUrl;
}

/**
 * The broker's management API as `monitor`, whose tag lets it compare exchanges, queues, bindings and policies, but not users; as the
 * administrator where there is no `monitor`, undefined where the API is not configured.
 */
export function managementToRead({
  managementUrl,
  monitorAmqpUrl,
}: Installation): string | undefined {
  if (managementUrl === undefined || monitorAmqpUrl === undefined) return managementUrl;
  const { username, password } = new URL(monitorAmqpUrl);
  return Object.assign(new URL(managementUrl), { username, password }).href;
}

/** @throws Unreachable where nothing tells of a database */
export function requireDatabase({ databaseUrl }: Installation): string {
  if (databaseUrl !== undefined) return databaseUrl;
  throw new Unreachable('DATABASE_URL is not set, and AMQP_URL is: set both');
}

/** @throws Unreachable where nothing tells of a broker */
export function requireBroker({ amqpUrl }: Installation): string {
  if (amqpUrl !== undefined) return amqpUrl;
  throw new Unreachable('AMQP_URL is not set, and DATABASE_URL is: set both');
}

/** The broker's virtual host that a URL names. */
export function virtualHostOf(amqpUrl: string): string {
  return decodeURIComponent(new URL(amqpUrl).pathname.slice(1));
}

/** Where a URL leads, without credentials and options. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host || 'the local socket'}${pathname === '/' ? '' : pathname}`;
}
