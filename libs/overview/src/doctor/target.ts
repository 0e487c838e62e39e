import type { Certificates } from '@backup-awareness/contracts/plain';
import type { ReadTls } from '@backup-awareness/database/connection';
import type { DatabaseRole } from '@backup-awareness/database/schema';
import type { BrokerUser, ManagementAddress } from '@backup-awareness/messaging/health';

/** The installation that is examined, and what is known of it. It holds passwords: nothing of it is shown but hosts and names. */
export interface DoctorTarget {
  /** As its owner, or as whom the doctor was given. */
  readonly databaseUrl: string | undefined;
  readonly amqpUrl: string | undefined;
  readonly management: Exclude<ManagementAddress, string> | undefined;
  /** Those for the broker; undefined if there are none. */
  readonly brokerTls?: Certificates | undefined;
  /** Whether all services share the broker user of `amqpUrl`. */
  readonly isBrokerUserShared: boolean;
  /** That of `npm start`; undefined if it does not run the installation. */
  readonly runDirectory: string | undefined;
  /** The URL of each service, by name; undefined if unknown. */
  readonly services: Readonly<Record<string, string>> | undefined;
  readonly databasePasswords: Passwords<DatabaseRole>;
  readonly brokerPasswords: Passwords<BrokerUser>;
  /** Certificates from the environment, in PEM, by variable. */
  readonly certificates: Readonly<Record<string, string>>;
  /** Those for the database; undefined if there are none. */
  readonly readDatabaseTls?: ReadTls | undefined;
  /** The version of this command. */
  readonly version: string;
}

export interface Passwords<Name extends string> {
  readonly known: Readonly<Partial<Record<Name, string>>>;
  /** The variable of the environment for each. */
  readonly variables: Readonly<Record<Name, string>>;
  /** Roles or users that an installation may do without. */
  readonly optional: readonly Name[];
}

/** Whether a URL leads to this machine. */
export function isLocal(url: string): boolean {
  const { hostname } = new URL(url);
  return ['', 'localhost', '[::1]'].includes(hostname) || hostname.startsWith('127.');
}
