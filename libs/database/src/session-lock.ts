import pg from 'pg';

/** The advisory lock of whoever changes schema or roles: two numbers that nothing else in the database uses. */
export const SCHEMA_LOCK = [0x6f56, 0x6261] as const;

const LOCK_WAIT_MS = 120_000;

/**
 * Runs `work` while a client of its own holds the advisory lock of schema changes; several at once go one after another.
 * The URL has to lead to the server itself: behind a transaction pooler a session's lock holds nothing.
 *
 * @throws when the lock is not free within two minutes, or its connection is lost meanwhile
 */
export async function underSchemaLock<T>(
  ownerUrl: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    connectionString: ownerUrl,
    application_name: 'backup-awareness schema',
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
  });
  let lost: Error | undefined;
  client.on('error', (error) => (lost = error));
  await client.connect();
  try {
    await lock(client);
    const result = await work(client);
    if (lost)
      throw new Error(`the schema lock was lost while it was needed: ${lost.message}`, {
        cause: lost,
      });
    return result;
  } finally {
    // Ending the session frees the lock.
    await client.end();
  }
}

async function lock(client: pg.Client): Promise<void> {
  await client.query("SELECT set_config('lock_timeout', $1, false)", [`${LOCK_WAIT_MS}ms`]);
  try {
    await client.query('SELECT pg_advisory_lock($1, $2)', [...SCHEMA_LOCK]);
  } catch (error) {
    if ((error as { code?: string }).code !== '55P03') throw error;
    throw new Error(
      `another process has been changing the schema for over ${LOCK_WAIT_MS / 1000} seconds; try again when it is done`,
      { cause: error },
    );
  }
}
