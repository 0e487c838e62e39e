import type { SqlRunner } from '@backup-awareness/database/connection';

const NAMES_MAX = 10_000;

/** The names of engines, retired ones too, in order; no more than are worth comparing with one that was mistyped. */
export async function readEngineNames(sql: SqlRunner): Promise<string[]> {
  const rows: { fqdn: string }[] = await sql.query(
    `SELECT fqdn FROM engine ORDER BY fqdn LIMIT ${NAMES_MAX}`,
  );
  return rows.map(({ fqdn }) => fqdn);
}
