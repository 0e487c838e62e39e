import type { DataSource } from 'typeorm';
import { pendingMigrations } from './apply-schema.js';

const connecting = new WeakMap<DataSource, Promise<unknown>>();

/** Connects if that has not been done yet; many may ask at once. */
async function ensureConnected(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) return;
  let attempt = connecting.get(dataSource);
  if (!attempt) {
    attempt = dataSource.initialize().finally(() => connecting.delete(dataSource));
    connecting.set(dataSource, attempt);
  }
  await attempt;
}

/**
 * Resolves when the database answers and its schema is as new as this version needs.
 *
 * @throws with the reason while it is not; trying again later helps.
 */
export async function ensureDatabaseReady(dataSource: DataSource): Promise<void> {
  await ensureConnected(dataSource);
  const pending = await pendingMigrations(dataSource);
  if (pending.length > 0)
    throw new Error(`the database lacks the migrations ${pending.join(', ')}`);
}

/** Why the database cannot be worked with now, or undefined. */
export async function databaseTrouble(dataSource: DataSource): Promise<string | undefined> {
  try {
    await ensureDatabaseReady(dataSource);
    return undefined;
  } catch (error) {
    return `database: ${error instanceof Error ? error.message || error.name : String(error)}`;
  }
}
