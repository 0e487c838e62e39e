import { parseAuthor } from '../administration/arguments.js';
import type { SqlRunner } from '../connection/sql-runner.js';
import type { ConsoleRole, Identity } from './identity.js';
import { newSecret, secretHash } from './secret.js';

/** Creates a secret that signs in once, within ten minutes, for a link that is printed. */
export async function createSignInLink(sql: SqlRunner, identity: Identity): Promise<string> {
  const secret = newSecret();
  await sql.query(
    `INSERT INTO console_sign_in_link (secret_hash, who, role, expires_at)
     VALUES ($1, $2, $3, statement_timestamp() + interval '10 minutes')`,
    [secretHash(secret), parseAuthor(identity.who), identity.role],
  );
  return secret;
}

/** Uses the secret of a link up. Of several at once only one succeeds. @returns undefined if it is used, expired or unknown */
export async function useSignInLink(sql: SqlRunner, secret: string): Promise<Identity | undefined> {
  // The rows of an UPDATE come differently from each SqlRunner, those of a SELECT do not.
  const rows: { who: string; role: ConsoleRole }[] = await sql.query(
    `WITH used AS (
       UPDATE console_sign_in_link SET used_at = statement_timestamp()
       WHERE secret_hash = $1 AND used_at IS NULL AND expires_at > statement_timestamp() RETURNING who, role
     ) SELECT who, role FROM used`,
    [secretHash(secret)],
  );
  return rows[0];
}
