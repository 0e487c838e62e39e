import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** The server answered COMMIT with a rollback: the error of an earlier statement was swallowed. Nothing is stored. */
export class TransactionRolledBackError extends Error {
  override readonly name = 'TransactionRolledBackError';
}

interface Connection {
  query(sql: string): Promise<{ command: string }>;
  end(): Promise<void>;
}

/**
 * Runs `work` in one transaction on one connection. Commits when `work` resolves; rolls back when it rejects, and throws its error.
 *
 * A connection that cannot be rolled back (it is lost, or the server hangs) is closed and never returns to the pool.
 * If COMMIT is not answered, it is unknown whether it took effect.
 */
export async function inTransaction<T>(
  dataSource: DataSource,
  work: (manager: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    const connection = (await runner.connect()) as Connection;
    try {
      await runner.startTransaction();
      const result = await work(runner.manager);
      await commit(connection);
      return result;
    } catch (error) {
      await rollBack(runner, connection);
      throw error;
    }
  } finally {
    await runner.release();
  }
}

async function commit(connection: Connection): Promise<void> {
  const { command } = await connection.query('COMMIT');
  if (command !== 'COMMIT')
    throw new TransactionRolledBackError(
      'COMMIT rolled the transaction back: an earlier statement in it had failed',
    );
}

async function rollBack(runner: QueryRunner, connection: Connection): Promise<void> {
  if (runner.isReleased) return;
  try {
    await connection.query('ROLLBACK');
  } catch {
    // The caller already gets the error that made this necessary.
    void connection.end();
  }
}
