import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { engineVariables } from '../host/engine-configuration.js';

const ASK_WITHIN_MS = 2_000;
const TABLES_SQL = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public'";

/**
 * Queries the tables of the engine's database with `psql`, by PGDATABASE and the like, or by the engine's own configuration.
 *
 * @returns undefined if the database cannot be queried or does not answer within two seconds; a dump does not depend on it
 */
export async function engineTables(root: string): Promise<ReadonlySet<string> | undefined> {
  const connection = process.env.PGDATABASE ? process.env : engineConnection(root);
  if (!connection) return undefined;
  try {
    const { stdout } = await promisify(execFile)('psql', ['-XwAtc', TABLES_SQL], {
      env: { PATH: process.env.PATH, PGCONNECT_TIMEOUT: '2', ...connection },
      timeout: ASK_WITHIN_MS,
      killSignal: 'SIGKILL',
    });
    return new Set(stdout.split('\n').filter((name) => name !== ''));
  } catch {
    return undefined;
  }
}

const VARIABLES = {
  ENGINE_DB_HOST: 'PGHOST',
  ENGINE_DB_PORT: 'PGPORT',
  ENGINE_DB_USER: 'PGUSER',
  ENGINE_DB_DATABASE: 'PGDATABASE',
  ENGINE_DB_PASSWORD: 'PGPASSWORD',
} as const;

function engineConnection(root: string): Record<string, string> | undefined {
  const { values } = engineVariables(root);
  const connection: Record<string, string> = {};
  for (const [variable, name] of Object.entries(VARIABLES)) {
    const value = values.get(variable);
    if (value !== undefined) connection[name] = value;
  }
  return connection.PGDATABASE && connection.PGUSER ? connection : undefined;
}
