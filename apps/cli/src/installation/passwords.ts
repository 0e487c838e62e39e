import type { DatabaseRole, ServiceRole } from '@backup-awareness/database';
import type { BrokerUser } from '@backup-awareness/messaging';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WrongUse } from '../output/failure.js';
import { readVariable } from './environment.js';
import type { Installation } from './find-installation.js';

/** The passwords of one kind: the variable of the environment for each, and the prefix of their names in `secrets.json`. */
export interface PasswordKind<Name extends string> {
  readonly variables: Readonly<Record<Name, string>>;
  readonly stored: string;
}

export const REQUIRED_ROLES = {
  ingest: 'INGEST_DATABASE_PASSWORD',
  checker: 'CHECKER_DATABASE_PASSWORD',
  audit: 'AUDIT_DATABASE_PASSWORD',
} as const satisfies Record<ServiceRole, string>;

/** An installation may do without these: their roles cannot log in then. */
export const OPTIONAL_ROLES = {
  notifier: 'NOTIFIER_DATABASE_PASSWORD',
  console: 'CONSOLE_DATABASE_PASSWORD',
  reader: 'READER_DATABASE_PASSWORD',
} as const;

export const ROLE_PASSWORDS: PasswordKind<DatabaseRole> = {
  variables: { ...REQUIRED_ROLES, ...OPTIONAL_ROLES },
  stored: 'databaseRole',
};

export const USER_PASSWORDS: PasswordKind<BrokerUser> = {
  variables: {
    ingest: 'INGEST_AMQP_PASSWORD',
    'ingest-settings': 'INGEST_SETTINGS_AMQP_PASSWORD',
    'freshness-checker': 'FRESHNESS_CHECKER_AMQP_PASSWORD',
    'active-alerts': 'ACTIVE_ALERTS_AMQP_PASSWORD',
    audit: 'AUDIT_AMQP_PASSWORD',
    replay: 'REPLAY_AMQP_PASSWORD',
    monitor: 'MONITOR_AMQP_PASSWORD',
  },
  stored: 'brokerUser',
};

/**
 * The passwords that can be read: from the environment, and for an installation that `npm start` runs from its `secrets.json`.
 *
 * @throws ConfigurationError or Unreachable for a variable that names an unreadable file
 */
export function knownPasswords<Name extends string>(
  environment: NodeJS.ProcessEnv,
  { runDirectory }: Pick<Installation, 'runDirectory'>,
  { variables, stored }: PasswordKind<Name>,
): Partial<Record<Name, string>> {
  const secrets = runDirectory === undefined ? {} : readSecrets(runDirectory);
  const entries = Object.entries<string>(variables).flatMap(([name, variable]) => {
    const password = readVariable(environment, variable) ?? secrets[`${stored}.${name}`];
    return typeof password === 'string' ? [[name, password] as const] : [];
  });
  return Object.fromEntries(entries) as Partial<Record<Name, string>>;
}

/** Nothing if it cannot be read: then it is not known that there are any. */
function readSecrets(runDirectory: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(readFileSync(join(runDirectory, 'secrets.json'), 'utf8')) as Record<
      string,
      unknown
    >;
  } catch {
    return {};
  }
}

/** The passwords if all are known; else undefined. */
export function allPasswords<Name extends string>(
  known: Readonly<Partial<Record<Name, string>>>,
  variables: Readonly<Record<Name, string>>,
): Record<Name, string> | undefined {
  return missingIn(known, variables).length > 0 ? undefined : (known as Record<Name, string>);
}

/** @throws WrongUse naming the variable of every password that is missing */
export function requirePasswords<Name extends string>(
  known: Readonly<Partial<Record<Name, string>>>,
  variables: Readonly<Record<Name, string>>,
): Record<Name, string> {
  const missing = missingIn(known, variables);
  if (missing.length === 0) return known as Record<Name, string>;
  const names = missing.map((name) => variables[name]).join(', ');
  throw new WrongUse(`expected passwords in ${names} (or in files named by …_FILE), got none`);
}

function missingIn<Name extends string>(
  known: Readonly<Partial<Record<Name, string>>>,
  variables: Readonly<Record<Name, string>>,
): Name[] {
  return (Object.keys(variables) as Name[]).filter((name) => known[name] === undefined);
}
