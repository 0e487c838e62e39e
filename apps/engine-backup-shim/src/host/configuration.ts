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
  /** What a value has to be, for a person. */
  readonly expected: string;
  /** The value, or undefined where it is not acceptable. */
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
  expected: 'the path of a file from the root on',
  read: (text) => (text === '' || text.startsWith('/') ? text : undefined),
  defaultValue: '',
};
const anyText: Key<string> = { expected: 'text', read: (text) => text, defaultValue: '' };

const BROKER_URL_EXPECTED =
  'amqp://HOST[:PORT][/VHOST] or amqps://… with neither user nor password in it';
const TABLES_EXPECTED = 'names of tables (lower-case letters, digits and _), separated by commas';

/** Every key of the configuration, in the order in which `install` writes them. */
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
    expected: 'the path of a program from the root on, of letters, digits and /._+-',
    // It stands in the timer's file, where other characters have meanings.
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
  /** What of it could not be read, a line each; the default stands for it. Never a value of a password. */
  readonly problems: readonly string[];
}

/** Reads `KEY=VALUE` lines; of a key that stands twice the last one counts. Nothing of it is ever run or expanded. */
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
      const known = KEY_NAMES.join(', ');
      problems.push(`line ${index + 1}: expected KEY=VALUE with one of the keys ${known}`);
      return;
    }
    // A password may begin or end with a blank.
    const given = raw.slice(raw.indexOf('=') + 1).replace(/\r$/, '');
    const text = name === 'BROKER_PASSWORD' ? given : given.trim();
    const value = KEYS[name].read(text);
    if (value === undefined) problems.push(badValue(name, text));
    else values[name] = value;
  });
  return { configuration: values as HostConfiguration, problems };
}

/** @throws Failure where there is a configuration that cannot be read; where there is none it is as if it were empty */
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

/** A refused value as it is told to a person. */
export function badValue(name: KeyName, got: string): string {
  const isSecret = name === 'BROKER_PASSWORD' || name === 'BROKER_URL';
  const came = isSecret ? 'something else' : JSON.stringify(got.slice(0, 200));
  return `${name}: expected ${KEYS[name].expected}, got ${came}`;
}

/** What oVirt's defaults name before an engine is set up. */
const NO_ENGINE = 'localhost.localdomain';

/** The engine of this host; without `fqdn` where none is known. */
export interface ConfiguredEngine {
  readonly fqdn: string;
  /** Why it is not known, or undefined. */
  readonly reason?: string;
  /** oVirt has set up none on this host. */
  readonly isNone?: true;
}

/** The engine that this host's reports are about, unless they say it themselves: as configured, or else as oVirt's files tell. */
export function configuredEngine(configuration: HostConfiguration, root: string): ConfiguredEngine {
  return configuration.FQDN === '' ? localEngine(root) : { fqdn: configuration.FQDN };
}

/** The engine that oVirt has set up on this host. Its name is the empty text where there is none, or where it cannot be read. */
export function localEngine(root: string): ConfiguredEngine {
  const { values, unreadable, problems } = engineVariables(root);
  const unread = unreadable.get('ENGINE_FQDN');
  if (unread !== undefined)
    return { fqdn: '', reason: `oVirt's ENGINE_FQDN cannot be read: it holds ${unread}` };
  const name = values.get('ENGINE_FQDN') ?? '';
  if (name === '' || name === NO_ENGINE) {
    const reason = ['no engine is set up on this host: oVirt names no ENGINE_FQDN', ...problems];
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
