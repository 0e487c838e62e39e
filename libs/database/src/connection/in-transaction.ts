import type { DataSource, EntityManager, QueryRunner } from 'typeorm';

/** COMMIT was answered by a rollback: a statement had failed and its error was swallowed. Nothing is stored. */
export class TransactionRolledBackError extends Error {
  override readonly name = 'TransactionRolledBackError';
}

interface Connection {
  query(sql: string): Promise<{ command: string }>;
  end(): Promise<void>;
}

/**
 * Runs `work` in one transaction on one connection: committed when it resolves, rolled back when it rejects, and then
 * its error is the one that is thrown.
 *
 * A connection that cannot be rolled back (it is lost, or the server hangs) is ended and never goes back to the pool.
 * Where COMMIT itself is not answered nobody knows whether it took effect.
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
      'the transaction was rolled back at COMMIT: a statement in it had failed before',
    );
}

async function rollBack(runner: QueryRunner, connection: Connection): Promise<void> {
  if (runner.isReleased) return;
  try {
    await connection.query('ROLLBACK');
  } catch {
    // What made this necessary is on its way to the caller already.
    void connection.end();
  }
}
