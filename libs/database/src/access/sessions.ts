import { tokenRevoked } from '@backup-awareness/contracts';
import type { DataSource } from 'typeorm';
import { parseAuthor } from '../administration/arguments.js';
import { readClock } from '../administration/locked-engine.js';
import { inTransaction } from '../connection/in-transaction.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { enqueue } from '../outbox/outbox.js';
import type { ConsoleRole, Identity } from './identity.js';
import { newSecret, secretHash } from './secret.js';
import { VALID } from './tokens.js';

const LASTS = `interval '12 hours'`;
const MAY_IDLE = `interval '1 hour'`;
/** A session is noted as seen at most once in this time: every request would else write a row. */
const SEEN_AGAIN = `interval '1 minute'`;
const OVER = `(began_at <= statement_timestamp() - ${LASTS} OR seen_at <= statement_timestamp() - ${MAY_IDLE})`;
/** Tells sessions apart, and is no help to find a secret: 12 hexadecimal digits of its hash. */
const ID = `left(encode(session.secret_hash, 'hex'), 12)`;

/** A session as `sessions list --json` shows it; instants are RFC 3339 in UTC. */
export interface ListedSession {
  readonly id: string;
  readonly who: string;
  readonly role: ConsoleRole;
  readonly signed_in_by: 'token' | 'link' | 'oidc';
  readonly began_at: string;
  /** To the minute. */
  readonly seen_at: string;
  /** When it ends, unless it is used before. */
  readonly ends_at: string;
}

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

/** Whether a session is still valid; to ask is no use of it. */
export async function isSessionValid(sql: SqlRunner, secret: string): Promise<boolean> {
  const rows: unknown[] = await sql.query(
    `SELECT FROM console_session session LEFT JOIN console_token token USING (token_id)
     WHERE session.secret_hash = $1 AND NOT ${OVER} AND (session.token_id IS NULL OR ${VALID})`,
    [secretHash(secret)],
  );
  return rows.length > 0;
}

/** Ends a session at once. */
export async function endSession(sql: SqlRunner, secret: string): Promise<void> {
  await sql.query('DELETE FROM console_session WHERE secret_hash = $1', [secretHash(secret)]);
}

/** The sessions that are valid, the newest first. */
export async function listSessions(sql: SqlRunner): Promise<ListedSession[]> {
  const rows: (Omit<ListedSession, 'began_at' | 'seen_at' | 'ends_at'> & {
    began_at: Date;
    seen_at: Date;
    ends_at: Date;
  })[] = await sql.query(
    `SELECT ${ID} AS id, who, session.role, began_at, seen_at,
       CASE WHEN token_id IS NOT NULL THEN 'token' WHEN who LIKE 'oidc:%' THEN 'oidc' ELSE 'link' END AS signed_in_by,
       LEAST(began_at + ${LASTS}, seen_at + ${MAY_IDLE}, token.expires_at) AS ends_at
     FROM console_session session LEFT JOIN console_token token USING (token_id)
     WHERE NOT ${OVER} AND (token_id IS NULL OR ${VALID}) ORDER BY began_at DESC, id`,
  );
  return rows.map((row) => ({
    ...row,
    began_at: row.began_at.toISOString(),
    seen_at: row.seen_at.toISOString(),
    ends_at: row.ends_at.toISOString(),
  }));
}

/** Ends a session of somebody else at once, with its event. The next sign-in needs a proof again. */
export async function revokeSession(
  dataSource: DataSource,
  request: { readonly id: string; readonly who: string },
): Promise<'revoked' | 'unknown_session'> {
  const { id } = request;
  const who = parseAuthor(request.who);
  return inTransaction(dataSource, async (manager) => {
    const ended: Identity[] = await manager.query(
      `WITH ended AS (
         DELETE FROM console_session session WHERE ${ID} = $1 RETURNING who, role
       ) SELECT who, role FROM ended`,
      [id],
    );
    const when = (await readClock(manager)).toISOString();
    await enqueue(
      manager,
      ended.map((session) =>
        tokenRevoked({
          ...{ who, what: 'session', from: session.role, to: 'revoked', when, name: id },
          session_of: session.who,
        }),
      ),
    );
    return ended.length > 0 ? 'revoked' : 'unknown_session';
  });
}
