import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { replaceJson } from '@backup-awareness/local-servers';

/** What `endpoints.json` tells whoever may read it: the administrator's own access to everything, and that of whoever only looks. */
export interface Endpoints {
  readonly amqpUrl: string;
  /** The broker's management API; absent for a broker that was given without it. */
  readonly amqpManagementUrl?: string;
  readonly databaseUrl: string;
  /** The database as the role that only reads. */
  readonly readerDatabaseUrl: string;
  /** The broker as the user that only looks; absent where all share the administrator's, for want of the management API. */
  readonly monitorAmqpUrl?: string;
  /** The broker as the user that works with dead letters; absent for the same reason. */
  readonly replayAmqpUrl?: string;
  readonly services: Readonly<Record<string, { readonly pid: number; readonly url: string }>>;
}

/** Writes it as a whole, so that a reader finds either the last state or this one. */
export function writeEndpoints(runDirectory: string, endpoints: Endpoints): void {
  replaceJson(endpointsPath(runDirectory), endpoints);
}

export function removeEndpoints(runDirectory: string): void {
  rmSync(endpointsPath(runDirectory), { force: true });
}

function endpointsPath(runDirectory: string): string {
  return join(runDirectory, 'endpoints.json');
}
