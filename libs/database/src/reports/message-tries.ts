import type { SqlRunner } from '../connection/sql-runner.js';

/** A message that was tried: which queue gave it, and a hash of all by which it is told from others. */
interface TriedMessage {
  readonly queue: string;
  readonly key: Buffer;
}

const BEGIN_SQL = `
INSERT INTO message_try AS known (queue, message_key, tries) VALUES ($1, $2, 1)
ON CONFLICT (queue, message_key) DO UPDATE
SET tries = known.tries + 1, last_try_at = statement_timestamp()
RETURNING tries - 1 AS "triesBefore", last_error AS "lastError"`;

// Of a message that never came back, for instance since somebody has purged the queue.
const FORGET_SQL = `
DELETE FROM message_try
WHERE (queue = $1 AND message_key = $2) OR last_try_at < statement_timestamp() - interval '30 days'`;

/**
 * The tries of messages in the table `message_try`, which all replicas and restarts share. Each function is one statement, committed when it
 * resolves; it throws the database's error.
 */
export function messageTriesIn(db: SqlRunner) {
  const run = async (sql: string, { queue, key }: TriedMessage, ...more: unknown[]) =>
    (await db.query(sql, [queue, key, ...more])) as unknown[];
  return {
    begin: async (message: TriedMessage) =>
      (await run(BEGIN_SQL, message))[0] as { triesBefore: number; lastError: string | null },
    failed: async (message: TriedMessage, error: string) => {
      // PostgreSQL's text holds no NUL.
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
