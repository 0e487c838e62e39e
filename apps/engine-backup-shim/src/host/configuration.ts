import { readFileSync } from 'node:fs';
import {
  errorText,
  FQDN_EXPECTED,
  normalizeFqdn,
  TABLE_NAME,
} from '@backup-awareness/contracts/plain';
import { engineVariables } from './engine-configuration.js';
import { codeOf, Failure } from '../failure.js';

interface Key<T> {
  /** The valid values, in words. */
  readonly expected: string;
  /** The value, or undefined if it is invalid. */
  readonly read: (text: string) => T | undefined;
  readonly defaultValue: T;
}

const MAX_TIMEOUT_S = 3600;
const seconds = (defaultValue: number): Key<number> => ({
  expected: `a whole number of seconds, 1 to ${MAX_TIMEOUT_S}`,
  read: (text) => wholeNumber(text, 1, MAX_TIMEOUT_S),
  defaultValue,
});
const file: Key<string> = {
  expected: 'an absolute path',
  read: (text) => (text === '' || text.startsWith('/') ? text : undefined),
  defaultValue: '',
};
const anyText: Key<string> = { expected: 'text', read: (text) => text, defaultValue: '' };

const BROKER_URL_EXPECTED = 'amqp://HOST[:PORT][/VHOST] or amqps://… without user or password';
const TABLES_EXPECTED = 'table names (lower-case letters, digits and _), separated by commas';

/** All keys of the configuration, in the order in which `install` writes them. */
export const KEYS = {
  BROKER_URL: { expected: BROKER_URL_EXPECTED, read: readBrokerUrl, defaultValue: '' },
  BROKER_USER: anyText,
  BROKER_PASSWORD: anyText,
  BROKER_CA_FILE: file,
  BROKER_CERT_FILE: file,
  BROKER_KEY_FILE: file,
  FQDN: {
    expected: FQDN_EXPECTED,
    read: (text) => (text === '' ? text : normalizeFqdn(text)),
    defaultValue: '',
  },
  DELIVERY_TIMEOUT_S: seconds(10),
  SPOOL_MAX_BYTES: {
    expected: 'a whole number of bytes, at least 1048576',
    read: (text) => wholeNumber(text, 1_048_576, Number.MAX_SAFE_INTEGER),
    defaultValue: 104_857_600,
  },
  KEEP_ENGINE_NOTICE: {
    expected: 'yes or no',
    read: (text) => (text === 'yes' || text === 'no' ? text : undefined),
    defaultValue: 'yes',
  },
  ENGINE_NOTICE_TIMEOUT_S: seconds(10),
  EXCLUDABLE_TABLES: { expected: TABLES_EXPECTED, read: readTables, defaultValue: [] },
  NODE: {
    expected: 'an absolute path of letters, digits and /._+-',
    // It goes into the timer's unit file, where other characters are special.
    read: (text) => (/^(\/[\w/.+-]*)?$/.test(text) ? text : undefined),
    defaultValue: '',
  },
} as const satisfies Record<string, Key<string> | Key<number> | Key<readonly string[]>>;

export type KeyName = keyof typeof KEYS;
export const KEY_NAMES = Object.keys(KEYS) as KeyName[];

export type HostConfiguration = {
  readonly [K in KeyName]: NonNullable<ReturnType<(typeof KEYS)[K]['read']>>;
};

export interface ReadConfiguration {
  readonly configuration: HostConfiguration;
  /** What could not be read, one line each; the default is used instead. Never contains a password. */
  readonly problems: readonly string[];
}

/** Reads `KEY=VALUE` lines; the last one of a key counts. Nothing is executed or expanded. */
export function parseConfiguration(text: string): ReadConfiguration {
  const values: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const name of KEY_NAMES) values[name] = KEYS[name].defaultValue;
  text.split('\n').forEach((raw, index) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    const equals = line.indexOf('=');
    const name = line.slice(0, Math.max(equals, 0)).trim();
    if (!isKey(name)) {
      // Without the name: a stray line may be a part of a password.
      const what = equals === -1 ? 'expected KEY=VALUE' : 'unknown setting';
      problems.push(`line ${index + 1}: ${what}; valid settings: ${KEY_NAMES.join(', ')}`);
      return;
    }
    // A password may begin or end with a space.
    const given = raw.slice(raw.indexOf('=') + 1).replace(/\r$/, '');
    const text = name === 'BROKER_PASSWORD' ? given : given.trim();
    const value = KEYS[name].read(text);
    if (value === undefined) problems.push(badValue(name, text));
    else values[name] = value;
  });
  return { configuration: values as HostConfiguration, problems };
}

/** A missing configuration counts as an empty one. @throws Failure if it cannot be read */
export function readConfiguration(path: string): ReadConfiguration & { readonly exists: boolean } {
  try {
    return { ...parseConfiguration(readFileSync(path, 'utf8')), exists: true };
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { ...parseConfiguration(''), exists: false };
    throw new Failure(`cannot read the configuration: ${errorText(error)}`);
  }
}

export function isKey(name: string): name is KeyName {
  return Object.hasOwn(KEYS, name);
}

/** An error message for an invalid value. Shows no secret. */
export function badValue(name: KeyName, got: string): string {
  const isSecret = name === 'BROKER_PASSWORD' || name === 'BROKER_URL';
  const shown = isSecret ? 'something else' : JSON.stringify(got.slice(0, 200));
  return `${name}: expected ${KEYS[name].expected}, got ${shown}`;
}

/** oVirt's default before an engine is set up. */
const NO_ENGINE = 'localhost.localdomain';

/** The engine of this host. */
export interface ConfiguredEngine {
  /** Empty if unknown. */
  readonly fqdn: string;
  /** Why it is unknown, or undefined. */
  readonly reason?: string;
  /** No engine is set up on this host. */
  readonly isNone?: true;
}

/** The engine of this host's reports, unless they name one: as configured, or else as in oVirt's files. */
export function configuredEngine(configuration: HostConfiguration, root: string): ConfiguredEngine {
  return configuration.FQDN === '' ? localEngine(root) : { fqdn: configuration.FQDN };
}

/** The engine that oVirt has set up on this host. Its name is empty if there is none or it cannot be read. */
export function localEngine(root: string): ConfiguredEngine {
  const { values, unreadable, problems } = engineVariables(root);
  const unread = unreadable.get('ENGINE_FQDN');
  if (unread !== undefined)
    return { fqdn: '', reason: `cannot read oVirt's ENGINE_FQDN: it contains ${unread}` };
  const name = values.get('ENGINE_FQDN') ?? '';
  if (name === '' || name === NO_ENGINE) {
    const reason = [
      "no engine is set up on this host: oVirt's ENGINE_FQDN is not set",
      ...problems,
    ];
    return {
      fqdn: '',
      reason: reason.join('; '),
      ...(problems.length === 0 ? { isNone: true } : {}),
    };
  }
  const fqdn = normalizeFqdn(name);
  if (fqdn !== undefined) return { fqdn };
  const got = JSON.stringify(name.slice(0, 300));
  return { fqdn: '', reason: `oVirt's ENGINE_FQDN: expected ${FQDN_EXPECTED}, got ${got}` };
}

function readBrokerUrl(text: string): string | undefined {
  if (text === '') return text;
  if (!/^amqps?:\/\/[^/?#@\s]+(\/[^/?#\s]*)?$/.test(text)) return undefined;
  try {
    decodeURIComponent(new URL(text).pathname);
    return text;
  } catch {
    return undefined;
  }
}

function readTables(text: string): readonly string[] | undefined {
  const names = text.split(',').map((name) => name.trim());
  const given = names.filter((name) => name !== '');
  return given.every((name) => TABLE_NAME.test(name)) ? given : undefined;
}

function wholeNumber(text: string, least: number, most: number): number | undefined {
  const number = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  return number >= least && number <= most ? number : undefined;
}
