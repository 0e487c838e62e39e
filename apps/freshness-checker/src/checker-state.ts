import { msOf, type SqlRunner } from '@backup-awareness/database';

/** The state that a decision starts from. Instants are whole milliseconds since 1970, by the database's clock. */
export interface CheckerState {
  readonly clockAt: number;
  /** The latest `now` that a decision was made by, or the current one if it is later. */
  readonly latestAt: number;
  readonly lastCheckAt: number | null;
  readonly options: Readonly<Record<string, string>>;
  readonly generalPeriodChangedAt: number | null;
  readonly stages: StageInstants;
  /** Whether the outbox has an event that is not set aside. */
  readonly hasPendingEvents: boolean;
}

/** When each stage of the path of events was last proven, in whole milliseconds since 1970; null if never. */
export interface StageInstants {
  readonly decision: number | null;
  readonly relay: number | null;
  readonly audit: number | null;
  readonly ingest: number | null;
}

/**
 * Reads the clock and stores its latest value, in the transaction that decides by it. One statement, so that time, last check and settings
 * are consistent. Includes the last check, because the previous version stores nothing else.
 */
export async function readCheckerState(transaction: SqlRunner): Promise<CheckerState> {
  const [[row]]: [Columns[], number] = await transaction.query(
    `UPDATE checker_state SET latest_now_at = greatest(latest_now_at, last_check_at, statement_timestamp())
     RETURNING ${msOf('statement_timestamp()')} AS clock_at, ${msOf('latest_now_at')} AS latest_at,
       ${msOf('last_check_at')} AS last_check_at,
       (SELECT jsonb_object_agg(option_name, option_value) FROM vdc_options WHERE version = 'general') AS options,
       (SELECT ${msOf('changed_at')} FROM vdc_options
        WHERE version = 'general' AND option_name = 'BackupAlertPeriodInDays') AS period_changed_at,
       (SELECT jsonb_build_object('decision', ${msOf('decided_at')}, 'relay', ${msOf('relayed_at')},
          'audit', ${msOf('recorded_at')}, 'ingest', ${msOf('answered_at')}) FROM heartbeat) AS stages,
       EXISTS (SELECT FROM outbox WHERE set_aside_at IS NULL) AS has_pending_events`,
  );
  if (!row)
    throw new Error('checker_state has no row: the schema creates it, so somebody deleted it');
  return {
    clockAt: row.clock_at,
    latestAt: row.latest_at,
    lastCheckAt: row.last_check_at,
    options: row.options ?? {},
    generalPeriodChangedAt: row.period_changed_at,
    stages: row.stages ?? NEVER_PROVEN,
    hasPendingEvents: row.has_pending_events,
  };
}

interface Columns {
  clock_at: number;
  latest_at: number;
  last_check_at: number | null;
  options: Record<string, string> | null;
  period_changed_at: number | null;
  stages: StageInstants | null;
  has_pending_events: boolean;
}

/** Before the first heartbeat. */
export const NEVER_PROVEN: StageInstants = {
  decision: null,
  relay: null,
  audit: null,
  ingest: null,
};

export interface CheckCounts {
  readonly engines: number;
  readonly fresh: number;
  readonly noFullBackup: number;
  readonly noWarmBackup: number;
  /** Without an alert, but not certainly fresh. */
  readonly unknown: number;
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
