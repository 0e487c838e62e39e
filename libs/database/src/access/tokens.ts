import { tokenCreated, tokenRevoked } from '@backup-awareness/contracts';
import { describe } from '@backup-awareness/contracts/plain';
import type { DataSource } from 'typeorm';
import { parseAuthor } from '../administration/arguments.js';
import { readClock } from '../administration/locked-engine.js';
import { refuseWith } from '../administration/refused-error.js';
import { inTransaction } from '../connection/in-transaction.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { enqueue } from '../outbox/outbox.js';
import { parseConsoleRole, type ConsoleRole, type Identity } from './identity.js';
import { newSecret, secretHash } from './secret.js';

/** A token as `tokens list --json` shows it; instants are RFC 3339 in UTC. */
export interface ListedToken {
  readonly name: string;
  readonly role: ConsoleRole;
  /** Neither expired nor revoked. */
  readonly valid: boolean;
  readonly created_at: string;
  readonly created_by: string;
  readonly expires_at: string | null;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}

export interface CreatedToken {
  readonly name: string;
  readonly role: ConsoleRole;
  readonly expiresAt: Date | null;
  /** Shown once: the database keeps only its hash. */
  readonly secret: string;
}

const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const NAME_EXPECTED = '1 to 64 letters, digits, dots, underscores or hyphens';
const EXPIRES_MAX_DAYS = 3_650;

/**
 * Creates a token for the console's API.
 *
 * @param request.expiresDays undefined: it does not expire
 * @throws RefusedError for an invalid name, role or expiry, and for a name that was used before, even by a revoked token: the audit log
 * names tokens
 */
export async function createToken(
  dataSource: DataSource,
  request: {
    readonly name: string;
    readonly role: string;
    readonly expiresDays?: number;
    readonly who: string;
  },
): Promise<CreatedToken> {
  const { name, expiresDays } = request;
  if (!NAME.test(name)) refuseWith('name', NAME_EXPECTED, describe(name));
  const role = parseConsoleRole(request.role);
  const who = parseAuthor(request.who);
  if (expiresDays !== undefined && !(expiresDays > 0 && expiresDays <= EXPIRES_MAX_DAYS))
    refuseWith(
      'expires',
      `a number of days above 0, at most ${EXPIRES_MAX_DAYS}`,
      describe(expiresDays),
    );
  const secret = newSecret();
  const expiresAt = await inTransaction(dataSource, async (manager) => {
    const rows: { expiresAt: Date | null }[] = await manager.query(
      `WITH created AS (
       INSERT INTO console_token (name, secret_hash, role, created_by, expires_at)
       VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5::float8 * 86400))
       ON CONFLICT (name) DO NOTHING RETURNING expires_at
     ) SELECT expires_at AS "expiresAt" FROM created`,
      [name, secretHash(secret), role, who, expiresDays ?? null],
    );
    const [created] = rows;
    if (!created) refuseWith('name', 'a name that no token has or had', describe(name));
    const when = (await readClock(manager)).toISOString();
    const expires_at = created.expiresAt?.toISOString() ?? null;
    await enqueue(manager, [
      tokenCreated({ who, what: 'token', from: null, to: role, when, name, expires_at }),
    ]);
    return created.expiresAt;
  });
  return { name, role, expiresAt, secret };
}

/** By the database's clock, about the table `token`. */
export const VALID =
  '(token.revoked_at IS NULL AND (token.expires_at IS NULL OR token.expires_at > statement_timestamp()))';

/** All tokens by name, also those that are no longer valid. */
export async function listTokens(sql: SqlRunner): Promise<ListedToken[]> {
  const rows: (Omit<ListedToken, 'created_at' | 'expires_at' | 'revoked_at'> & {
    created_at: Date;
    expires_at: Date | null;
    revoked_at: Date | null;
  })[] = await sql.query(
    `SELECT name, role, ${VALID} AS valid, created_at, created_by, expires_at, revoked_at, revoked_by
     FROM console_token token ORDER BY name`,
  );
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    expires_at: row.expires_at?.toISOString() ?? null,
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }));
}

/** Ends a token and the sessions that it has begun, at once and for good. */
export async function revokeToken(
  dataSource: DataSource,
  request: { readonly name: string; readonly who: string },
): Promise<'revoked' | 'already_revoked' | 'unknown_token'> {
  const { name } = request;
  const who = parseAuthor(request.who);
  return inTransaction(dataSource, async (manager) => {
    const [known]: { role: ConsoleRole; isRevoked: boolean }[] = await manager.query(
      `SELECT role, revoked_at IS NOT NULL AS "isRevoked" FROM console_token WHERE name = $1 FOR NO KEY UPDATE`,
      [name],
    );
    if (!known) return 'unknown_token';
    if (known.isRevoked) return 'already_revoked';
    await manager.query(
      'UPDATE console_token SET revoked_at = now(), revoked_by = $2 WHERE name = $1',
      [name, who],
    );
    const when = (await readClock(manager)).toISOString();
    await enqueue(manager, [
      tokenRevoked({ who, what: 'token', from: known.role, to: 'revoked', when, name }),
    ]);
    return 'revoked';
  });
}

/** Whose valid token this is. @returns undefined if it is none */
export async function findToken(
  sql: SqlRunner,
  secret: string,
): Promise<(Identity & { readonly tokenId: string }) | undefined> {
  const rows: { tokenId: string; name: string; role: ConsoleRole }[] = await sql.query(
    `SELECT token_id AS "tokenId", name, role FROM console_token token WHERE secret_hash = $1 AND ${VALID}`,
    [secretHash(secret)],
  );
  const [found] = rows;
  return found && { who: `token:${found.name}`, role: found.role, tokenId: found.tokenId };
}
