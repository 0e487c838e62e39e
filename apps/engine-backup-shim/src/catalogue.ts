import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const ASK_WITHIN_MS = 2_000;
const TABLES_SQL = "SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = 'public'";

/**
 * The tables that the engine's database has, where it can be asked: with `psql`, and by PGDATABASE and its like or the engine's own
 * configuration.
 *
 * @returns undefined where it cannot be asked, or does not answer within two seconds; it is nothing that a dump depends on
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

/** Reads the engine's `KEY="VALUE"` lines as data; nothing of them is run or expanded. */
function engineConnection(root: string): Record<string, string> | undefined {
  const folder = join(root, 'etc/ovirt-engine/engine.conf.d');
  const connection: Record<string, string> = {};
  try {
    for (const file of readdirSync(folder).sort()) {
      if (!file.endsWith('.conf')) continue;
      for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
        const [, name = '', value = ''] = /^\s*(ENGINE_DB_\w+)="?(.*?)"?\s*$/.exec(line) ?? [];
        if (Object.hasOwn(VARIABLES, name))
          connection[VARIABLES[name as keyof typeof VARIABLES]] = value;
      }
    }
  } catch {
    return undefined;
  }
  return connection.PGDATABASE && connection.PGUSER ? connection : undefined;
}
