import type { SqlRunner } from '../connection/sql-runner.js';
import type { ConsoleRole, Identity } from './identity.js';
import { newSecret, secretHash } from './secret.js';
import { VALID } from './tokens.js';

const LASTS = `interval '12 hours'`;
const MAY_IDLE = `interval '1 hour'`;
/** A session is noted as seen at most once in this time: every request would else write a row. */
const SEEN_AGAIN = `interval '1 minute'`;
const OVER = `(began_at <= statement_timestamp() - ${LASTS} OR seen_at <= statement_timestamp() - ${MAY_IDLE})`;

/**
 * Begins a browser's session, and removes those that are over.
 *
 * @param tokenId of the token that has signed in; null for another way. The session ends with its token.
 * @returns the secret for the cookie
 */
export async function beginSession(
  sql: SqlRunner,
  { who, role }: Identity,
  tokenId: string | null = null,
): Promise<string> {
  const secret = newSecret();
  await sql.query(`DELETE FROM console_session WHERE ${OVER}`);
  await sql.query(
    'INSERT INTO console_session (secret_hash, who, role, token_id) VALUES ($1, $2, $3, $4)',
    [secretHash(secret), who, role, tokenId],
  );
  return secret;
}

/** Whose session this is, which is thereby in use. @returns undefined if it is none, or over */
export async function findSession(sql: SqlRunner, secret: string): Promise<Identity | undefined> {
  const rows: { who: string; role: ConsoleRole; isStale: boolean }[] = await sql.query(
    `SELECT who, session.role, seen_at < statement_timestamp() - ${SEEN_AGAIN} AS "isStale"
     FROM console_session session LEFT JOIN console_token token USING (token_id)
     WHERE session.secret_hash = $1 AND NOT ${OVER} AND (session.token_id IS NULL OR ${VALID})`,
    [secretHash(secret)],
  );
  const [found] = rows;
  if (!found) return undefined;
  if (found.isStale)
    await sql.query(
      'UPDATE console_session SET seen_at = statement_timestamp() WHERE secret_hash = $1',
      [secretHash(secret)],
    );
  return { who: found.who, role: found.role };
}

/** Ends a session at once. */
export async function endSession(sql: SqlRunner, secret: string): Promise<void> {
  await sql.query('DELETE FROM console_session WHERE secret_hash = $1', [secretHash(secret)]);
}
