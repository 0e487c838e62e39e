import type { SqlRunner } from '@backup-awareness/database/connection';

/** How many milliseconds ago a setting, or an engine's own alert period, was changed last; null: never. */
export async function readLatestChangeAgoMs(sql: SqlRunner): Promise<number | null> {
  const [row]: [{ ago: number | null }] = await sql.query(
    `SELECT 1000 * date_part('epoch', statement_timestamp() - greatest(
       (SELECT max(changed_at) FROM vdc_options), (SELECT max(alert_period_changed_at) FROM engine))) AS ago`,
  );
  return row.ago;
}
