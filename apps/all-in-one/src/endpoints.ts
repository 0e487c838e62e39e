import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceJson } from '@backup-awareness/local-servers';

/** The content of `endpoints.json`: how to reach everything as administrator, and database and broker as a user that only reads. */
export interface Endpoints {
  readonly amqpUrl: string;
  /** The broker's management API; absent where AMQP_URL is set and AMQP_MANAGEMENT_URL is not. */
  readonly amqpManagementUrl?: string;
  readonly databaseUrl: string;
  /** As the role that only reads. */
  readonly readerDatabaseUrl: string;
  /** As the user that only monitors; absent where there is no management API to create it. */
  readonly monitorAmqpUrl?: string;
  /** The broker as the user that works with dead letters; absent for the same reason. */
  readonly replayAmqpUrl?: string;
  /** The console on this machine: the origin of its page and its API. */
  readonly consoleUrl: string;
  /** A token of the console's API, of the role operator. */
  readonly consoleToken: string;
  readonly services: Readonly<Record<string, { readonly pid: number; readonly url: string }>>;
}

/** Writes it atomically: a reader finds either the previous state or this one. */
export function writeEndpoints(runDirectory: string, endpoints: Endpoints): void {
  replaceJson(endpointsPath(runDirectory), endpoints);
}

export function removeEndpoints(runDirectory: string): void {
  rmSync(endpointsPath(runDirectory), { force: true });
}

function endpointsPath(runDirectory: string): string {
  return join(runDirectory, 'endpoints.json');
}
