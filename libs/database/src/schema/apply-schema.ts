import { dataSourceFor } from '../connection/data-source-for.js';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations/migrations.js';
import type { ReadTls } from '../connection/session-client.js';
import { underSchemaLock } from './session-lock.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { sqlState } from '../connection/sql-state.js';

/**
 * Brings the schema up to date, each migration in a transaction of its own. Safe to run concurrently: one process works while the
 * others wait, and then find nothing to do. Does not retry.
 *
 * @param readTls reads the certificates; without it the URL's `sslmode` decides about TLS
 * @throws with the failed migration's error as the cause; earlier migrations are kept. For an unsuitable database (its encoding, other
 * tables) before anything is changed
 */
export async function applySchema(ownerUrl: string, readTls?: ReadTls): Promise<void> {
  const migrate = async () => {
    const dataSource = dataSourceFor(ownerUrl, {
      readTls,
      session: 'schema',
      poolSize: 1,
      applicationName: 'backup-awareness migrations',
      queryTimeoutMs: 0,
    });
    await dataSource.initialize();
    try {
      await dataSource.runMigrations();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      throw new Error(`the database schema could not be brought up to date: ${message}`, {
        cause: error,
      });
    } finally {
      await dataSource.destroy();
    }
  };
  await underSchemaLock(ownerUrl, migrate, readTls);
}

/**
 * The names of this version's migrations that are not applied to the database; empty when it is ready.
 * Ignores migrations of a later version, which suit this one too. Needs only SELECT on the table of migrations.
 */
export async function pendingMigrations(sql: SqlRunner): Promise<string[]> {
  const names = MIGRATIONS.map((migration) => migration.name);
  const applied = new Set(await appliedMigrations(sql));
  return names.filter((name) => !applied.has(name));
}

const UNDEFINED_TABLE = '42P01';

async function appliedMigrations(sql: SqlRunner): Promise<string[]> {
  try {
    const rows: { name: string }[] = await sql.query(`SELECT name FROM ${MIGRATIONS_TABLE}`);
    return rows.map((row) => row.name);
  } catch (error) {
    if (sqlState(error) === UNDEFINED_TABLE) return [];
    throw error;
  }
}
