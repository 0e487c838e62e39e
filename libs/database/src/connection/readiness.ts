import type { DataSource } from 'typeorm';
import { pendingMigrations } from '../schema/apply-schema.js';
import { DIFFERING_SETTING_SQL } from './session-settings.js';
import type { SqlRunner } from './sql-runner.js';
import { unsuitableEncodingReason } from '../schema/suitable-database.js';

const connecting = new WeakMap<DataSource, Promise<unknown>>();

/** Connects unless connected already. Safe to call concurrently. */
async function ensureConnected(dataSource: DataSource): Promise<void> {
  if (dataSource.isInitialized) return;
  let attempt = connecting.get(dataSource);
  if (!attempt) {
    attempt = dataSource.initialize().finally(() => connecting.delete(dataSource));
    connecting.set(dataSource, attempt);
  }
  await attempt;
}

/**
 * Resolves if the database answers, its schema is recent enough for this version, and its presets do no harm.
 *
 * @throws with the reason otherwise; trying again later helps
 */
export async function ensureDatabaseReady(dataSource: DataSource): Promise<void> {
  await ensureConnected(dataSource);
  const pending = await pendingMigrations(dataSource);
  if (pending.length > 0)
    throw new Error(`the database lacks the migrations ${pending.join(', ')}`);
  const unreadyReason = await presetUnreadyReason(dataSource);
  if (unreadyReason) throw new Error(unreadyReason);
}

/**
 * Presets of the server, database or role that a session cannot or may not correct itself: the encoding, a read-only database, and,
 * behind a pooler that shares sessions, any setting that matters. Undefined if there is none.
 */
export async function presetUnreadyReason(sql: SqlRunner): Promise<string | undefined> {
  const [state]: DatabaseState[] = await sql.query(
    `SELECT current_setting('server_encoding') AS encoding, pg_is_in_recovery() AS "isStandby",
       current_setting('transaction_read_only') = 'on' AS "isReadOnly", current_user AS role, current_database() AS database,
       (SELECT row_to_json(differing) FROM (${DIFFERING_SETTING_SQL}) differing) AS differing`,
  );
  const { encoding, isStandby, isReadOnly, role, database, differing } = state!;
  if (isStandby) return 'the server is a read-only standby: set DATABASE_URL to the primary';
  if (isReadOnly)
    return (
      `sessions of ${role} are read-only: ` +
      `run ALTER ROLE ${role} RESET default_transaction_read_only, or the same for DATABASE ${database} or the server`
    );
  if (differing)
    return (
      `sessions of ${role} have ${differing.name} = ${differing.got}, expected ${differing.expected}: ` +
      'run backup-awareness database apply, and check what the connection pooler sets'
    );
  return unsuitableEncodingReason(encoding);
}

interface DatabaseState {
  readonly encoding: string;
  readonly isStandby: boolean;
  readonly isReadOnly: boolean;
  readonly role: string;
  readonly database: string;
  readonly differing: {
    readonly name: string;
    readonly expected: string;
    readonly got: string;
  } | null;
}

/** Why the database cannot be worked with now, or undefined. */
export async function databaseUnreadyReason(dataSource: DataSource): Promise<string | undefined> {
  try {
    await ensureDatabaseReady(dataSource);
    return undefined;
  } catch (error) {
    return `database: ${error instanceof Error ? error.message || error.name : String(error)}`;
  }
}
