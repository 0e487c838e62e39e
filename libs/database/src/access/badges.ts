import { tokenCreated, tokenRevoked } from '@backup-awareness/contracts';
import { describe } from '@backup-awareness/contracts/plain';
import type { DataSource } from 'typeorm';
import { parseAuthor, parseFqdn } from '../administration/arguments.js';
import { readClock } from '../administration/locked-engine.js';
import { refuseWith } from '../administration/refused-error.js';
import { inTransaction } from '../connection/in-transaction.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import { enqueue } from '../outbox/outbox.js';
import { newSecret, secretHash } from './secret.js';

/** A badge as `badges list --json` shows it; instants are RFC 3339 in UTC. */
export interface ListedBadge {
  readonly id: string;
  /** Null: about all engines. */
  readonly fqdn: string | null;
  readonly created_at: string;
  readonly created_by: string;
  readonly revoked_at: string | null;
  readonly revoked_by: string | null;
}

/**
 * Creates a badge about an engine, or (null) about all.
 *
 * @returns with the secret of its address, of which the database keeps only the hash
 * @throws RefusedError for an unknown engine
 */
export async function createBadge(
  dataSource: DataSource,
  request: { readonly fqdn: string | null; readonly who: string },
): Promise<{ readonly id: string; readonly fqdn: string | null; readonly secret: string }> {
  const fqdn = request.fqdn === null ? null : parseFqdn(request.fqdn);
  const who = parseAuthor(request.who);
  const secret = newSecret();
  return inTransaction(dataSource, async (manager) => {
    const engines: unknown[] = await manager.query('SELECT FROM engine WHERE fqdn = $1', [fqdn]);
    if (fqdn !== null && engines.length === 0)
      refuseWith('fqdn', 'an engine of the list of engines', describe(fqdn));
    const rows: { id: string }[] = await manager.query(
      `WITH created AS (
         INSERT INTO console_badge (secret_hash, fqdn, created_by) VALUES ($1, $2, $3) RETURNING badge_id
       ) SELECT badge_id AS id FROM created`,
      [secretHash(secret), fqdn, who],
    );
    const { id } = rows[0]!;
    const when = (await readClock(manager)).toISOString();
    await enqueue(manager, [
      tokenCreated({
        ...{ who, what: 'badge', from: null, to: 'badge', when, name: id, expires_at: null },
        ...(fqdn !== null && { fqdn }),
      }),
    ]);
    return { id, fqdn, secret };
  });
}

/** All badges, the newest first, also revoked ones. */
export async function listBadges(sql: SqlRunner): Promise<ListedBadge[]> {
  const rows: (Omit<ListedBadge, 'created_at' | 'revoked_at'> & {
    created_at: Date;
    revoked_at: Date | null;
  })[] = await sql.query(
    `SELECT badge_id AS id, fqdn, created_at, created_by, revoked_at, revoked_by
     FROM console_badge ORDER BY created_at DESC, badge_id`,
  );
  return rows.map((row) => ({
    ...row,
    created_at: row.created_at.toISOString(),
    revoked_at: row.revoked_at?.toISOString() ?? null,
  }));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Ends a badge at once and for good. @throws RefusedError for an id that is none */
export async function revokeBadge(
  dataSource: DataSource,
  request: { readonly id: string; readonly who: string },
): Promise<'revoked' | 'already_revoked'> {
  const who = parseAuthor(request.who);
  const id = request.id.toLowerCase();
  return inTransaction(dataSource, async (manager) => {
    const [badge]: { fqdn: string | null; isRevoked: boolean }[] = UUID.test(id)
      ? await manager.query(
          `SELECT fqdn, revoked_at IS NOT NULL AS "isRevoked" FROM console_badge WHERE badge_id = $1 FOR NO KEY UPDATE`,
          [id],
        )
      : [];
    if (!badge) refuseWith('id', 'the id of a badge', describe(request.id));
    if (badge.isRevoked) return 'already_revoked';
    await manager.query(
      'UPDATE console_badge SET revoked_at = now(), revoked_by = $2 WHERE badge_id = $1',
      [id, who],
    );
    const when = (await readClock(manager)).toISOString();
    await enqueue(manager, [
      tokenRevoked({
        ...{ who, what: 'badge', from: 'badge', to: 'revoked', when, name: id },
        ...(badge.fqdn !== null && { fqdn: badge.fqdn }),
      }),
    ]);
    return 'revoked';
  });
}

/** What the badge of this secret is about. @returns undefined if there is none, or it is revoked */
export async function findBadge(
  sql: SqlRunner,
  secret: string,
): Promise<{ readonly fqdn: string | null } | undefined> {
  const rows: { fqdn: string | null }[] = await sql.query(
    'SELECT fqdn FROM console_badge WHERE secret_hash = $1 AND revoked_at IS NULL',
    [secretHash(secret)],
  );
  return rows[0];
}
