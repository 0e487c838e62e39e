import type { SqlRunner } from '../connection/sql-runner.js';

/** A message that was tried: its queue, and a hash of everything that identifies it. */
interface TriedMessage {
  readonly queue: string;
  readonly key: Buffer;
}

const BEGIN_SQL = `
INSERT INTO message_try AS known (queue, message_key, tries) VALUES ($1, $2, 1)
ON CONFLICT (queue, message_key) DO UPDATE
SET tries = known.tries + 1, last_try_at = statement_timestamp()
RETURNING tries - 1 AS "triesBefore", last_error AS "lastError"`;

// Also forgets messages that never came back, for instance because the queue was purged.
const FORGET_SQL = `
DELETE FROM message_try
WHERE (queue = $1 AND message_key = $2) OR last_try_at < statement_timestamp() - interval '30 days'`;

/**
 * The tries of messages in the table `message_try`, shared by all replicas and restarts. Each function runs one statement, committed when
 * it resolves, and throws the database's error.
 */
export function messageTriesIn(db: SqlRunner) {
  const run = async (sql: string, { queue, key }: TriedMessage, ...more: unknown[]) =>
    (await db.query(sql, [queue, key, ...more])) as unknown[];
  return {
    begin: async (message: TriedMessage) =>
      (await run(BEGIN_SQL, message))[0] as { triesBefore: number; lastError: string | null },
    failed: async (message: TriedMessage, error: string) => {
      // PostgreSQL's text cannot hold a NUL.
      const text = error.toWellFormed().replaceAll('\0', '\ufffd').slice(0, 1_000);
      await run(
        'UPDATE message_try SET last_error = $3 WHERE queue = $1 AND message_key = $2',
        message,
        text.toWellFormed(),
      );
    },
    takeBack: async (message: TriedMessage) => {
      await run(
        'UPDATE message_try SET tries = tries - 1 WHERE queue = $1 AND message_key = $2 AND tries > 0',
        message,
      );
    },
    forget: async (message: TriedMessage) => {
      await run(FORGET_SQL, message);
    },
  };
}
