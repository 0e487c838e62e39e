import type { SqlRunner } from '@backup-awareness/database/connection';

const NAMES_MAX = 10_000;

/** The names of engines, retired ones too, sorted; no more than are worth comparing with a mistyped one. */
export async function readEngineNames(sql: SqlRunner): Promise<string[]> {
  const rows: { fqdn: string }[] = await sql.query(
    `SELECT fqdn FROM engine ORDER BY fqdn LIMIT ${NAMES_MAX}`,
  );
  return rows.map(({ fqdn }) => fqdn);
}

/** Whether there is such an engine, monitored or retired. */
export async function isKnownEngine(sql: SqlRunner, fqdn: string): Promise<boolean> {
  const rows: unknown[] = await sql.query('SELECT FROM engine WHERE fqdn = $1', [fqdn]);
  return rows.length > 0;
}
