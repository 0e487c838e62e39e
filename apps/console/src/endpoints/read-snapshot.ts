import type { SqlRunner } from '@backup-awareness/database/connection';
import { readHistoryBasis, type HistoryBasis } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';

/** Reads the database as of one instant. */
export async function readSnapshot<T>(
  db: DataSource,
  work: (sql: SqlRunner) => Promise<T>,
): Promise<T> {
  return db.transaction('REPEATABLE READ', async (manager) => {
    await manager.query('SET TRANSACTION READ ONLY');
    return work(manager);
  });
}

/** Reads the past as of one instant. */
export async function readPast<T>(
  db: DataSource,
  work: (sql: SqlRunner, basis: HistoryBasis) => Promise<T>,
): Promise<T> {
  return readSnapshot(db, async (sql) => work(sql, await readHistoryBasis(sql)));
}
