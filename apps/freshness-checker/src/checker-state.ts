import type { SqlRunner } from '@backup-awareness/database';

/** What a decision starts from. Instants are whole milliseconds since 1970, by the database's clock. */
export interface CheckerState {
  readonly now: number;
  readonly lastCheckAt: number | null;
  readonly options: Readonly<Record<string, string>>;
  readonly generalPeriodChangedAt: number | null;
}

/** One statement, so that time, last check and settings belong together. */
export async function readCheckerState(transaction: SqlRunner): Promise<CheckerState> {
  const [row]: Columns[] = await transaction.query(
    `SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::float8 AS now,
       floor(extract(epoch FROM last_check_at) * 1000)::float8 AS last_check_at,
       (SELECT jsonb_object_agg(option_name, option_value) FROM vdc_options WHERE version = 'general') AS options,
       (SELECT floor(extract(epoch FROM changed_at) * 1000)::float8 FROM vdc_options
        WHERE version = 'general' AND option_name = 'BackupAlertPeriodInDays') AS period_changed_at
     FROM checker_state`,
  );
  if (!row) throw new Error('checker_state has no row; the migrations have put one there');
  return {
    now: row.now,
    lastCheckAt: row.last_check_at,
    options: row.options ?? {},
    generalPeriodChangedAt: row.period_changed_at,
  };
}

interface Columns {
  now: number;
  last_check_at: number | null;
  options: Record<string, string> | null;
  period_changed_at: number | null;
}

export interface CheckCounts {
  readonly engines: number;
  readonly fresh: number;
  readonly noFullBackup: number;
  readonly noWarmBackup: number;
  readonly raised: number;
  readonly cleared: number;
}

export interface CompletedCheck extends CheckCounts {
  readonly checkedAt: number;
  readonly nextCheckAt: number | null;
}

export async function recordCheck(transaction: SqlRunner, check: CompletedCheck): Promise<void> {
  await transaction.query(
    `UPDATE checker_state SET last_check_at = to_timestamp($1::float8 / 1000), next_check_at = to_timestamp($2::float8 / 1000),
       engines = $3, raised = $4, cleared = $5`,
    [check.checkedAt, check.nextCheckAt, check.engines, check.raised, check.cleared],
  );
}
