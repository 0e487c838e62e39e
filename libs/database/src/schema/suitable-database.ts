import type pg from 'pg';
import { MIGRATIONS, MIGRATIONS_TABLE } from './migrations/migrations.js';
import { TABLE_PRIVILEGES } from './privileges.js';

/** Why a database with this encoding is unsuitable, or undefined. */
export function unsuitableEncodingReason(encoding: string): string | undefined {
  if (encoding === 'UTF8') return undefined;
  return (
    `the encoding of the database is ${encoding}, expected UTF8: create another with ` +
    `CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0, and set DATABASE_URL to it`
  );
}

const NAMES_SHOWN_MAX = 5;

/**
 * Refuses an unsuitable database before anything in it is changed: one that is not UTF-8, or one with tables that are not ours, since PUBLIC
 * loses its privileges in it. Allows such views in schemas other than `public`, and the objects of extensions.
 *
 * @throws with what was expected, what was found, and what to do
 */
export async function refuseUnsuitable(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ encoding: string }>(
    `SELECT current_setting('server_encoding') AS encoding`,
  );
  const reason = unsuitableEncodingReason(rows[0]!.encoding);
  if (reason) throw new Error(reason);
  if (await hasLaterMigrations(client)) return;
  const others = await otherRelations(client);
  if (others.length === 0) return;
  const shown = others.slice(0, NAMES_SHOWN_MAX).join(', ');
  const more =
    others.length > NAMES_SHOWN_MAX ? ` and ${others.length - NAMES_SHOWN_MAX} more` : '';
  throw new Error(
    `the database must be for Backup Awareness alone, but it contains ${shown}${more}: set DATABASE_URL to a database of its own, ` +
      'or move these to another (views may stay in a schema other than public)',
  );
}

/** True if a later version, which has made the same check, was here: this version cannot know which of its tables are ours. */
async function hasLaterMigrations(client: pg.Client): Promise<boolean> {
  const known = MIGRATIONS.map((migration) => migration.name);
  const { rows } = await client.query<{ found: string | null }>(
    `SELECT to_regclass('public.${MIGRATIONS_TABLE}') AS found`,
  );
  if (rows[0]!.found === null) return false;
  const sql = `SELECT FROM ${MIGRATIONS_TABLE} WHERE name <> ALL ($1) LIMIT 1`;
  return ((await client.query(sql, [known])).rowCount ?? 0) > 0;
}

/** Tables, views in `public`, and sequences that belong to no table. */
async function otherRelations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', nspname, relname) AS name
     FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
     WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
       AND (relkind IN ('r', 'p', 'f', 'S') OR (relkind IN ('v', 'm') AND nspname = 'public'))
       AND NOT (nspname = 'public' AND relname = ANY ($1))
       AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid
         AND (d.deptype = 'e' OR (relkind = 'S' AND d.deptype IN ('a', 'i') AND d.refclassid = 'pg_class'::regclass)))
     ORDER BY 1`,
    [Object.keys(TABLE_PRIVILEGES)],
  );
  return rows.map((row) => row.name);
}
