import { msOf } from '../connection/ms-of.js';
import type { SqlRunner } from '../connection/sql-runner.js';

/** A run that may be open, or that has an alert. Instants are whole milliseconds since 1970. */
export interface OpenRunRow {
  readonly fqdn: string;
  /** Null if its reports have none; it then has one scope. */
  readonly runId: string | null;
  /** The scopes that it started; none if its reports were removed, or if it has no `run_id` and every start has an end. */
  readonly scopes: readonly BegunScope[];
  /** Its active alert. */
  readonly active: { readonly alertId: string; readonly decidedAt: number } | null;
  /** Its rows in `open_run`; none if it is known only from its alert. */
  readonly open: readonly OpenScope[];
}

export interface BegunScope {
  readonly scope: string;
  /** `counted_at` of its first started report. */
  readonly startedAt: number;
  /** Whether there is a completed or failed report of that run and scope. */
  readonly hasEnded: boolean;
  /** `counted_at` of the scope's last success, if another run made it; otherwise null. */
  readonly otherSuccessAt: number | null;
}

export interface OpenScope {
  readonly scope: string;
  /** The number of started reports so far. A bigint, as text. */
  readonly starts: string;
}

/** At most so many reports of one run are read, so that a host that repeats a start endlessly does not slow this down. */
const REPORTS_MAX = 10_000;

const RUN_NAME = `coalesce(log.run_id, '') COLLATE "C"`;

const ACTIVE_ALERTS = `
SELECT fqdn, coalesce(run_id, '') COLLATE "C" AS run_id, (CASE WHEN run_id IS NULL THEN scopes[1] ELSE '' END) COLLATE "C" AS scope,
  alert_id, ${msOf('decided_at')} AS decided_at
FROM alert WHERE cleared_at IS NULL AND alert = 'ENGINE_BACKUP_STUCK'`;

// The scopes that a run with a `run_id` started.
const BEGUN_BY_NAME = `
SELECT started.scope, min(started.counted_at) AS counted_at FROM (
  SELECT log.scope, log.counted_at FROM engine_backup_log log
  WHERE run.run_id <> '' AND log.fqdn = run.fqdn AND ${RUN_NAME} = run.run_id AND log.is_passed IS NULL
  LIMIT ${REPORTS_MAX}
) started GROUP BY started.scope`;

// Without a `run_id`, any later end of the scope ends the run, and the first start after the last end is open.
const BEGUN_WITHOUT_NAME = `
SELECT started.scope, started.counted_at FROM (
  SELECT log.scope, log.counted_at FROM engine_backup_log log
  WHERE run.run_id = '' AND log.fqdn = run.fqdn AND ${RUN_NAME} = '' AND log.scope = run.scope
    AND log.is_passed IS NULL AND NOT log.is_discounted AND log.counted_at > greatest('-infinity',
      (SELECT last.counted_at FROM engine_last_success last WHERE last.fqdn = run.fqdn AND last.scope = run.scope),
      (SELECT failed.counted_at FROM engine_backup_log failed
       WHERE failed.fqdn = run.fqdn AND failed.scope = run.scope AND NOT failed.is_passed AND NOT failed.is_discounted
       ORDER BY failed.counted_at DESC LIMIT 1))
  ORDER BY log.counted_at LIMIT 1
) started`;

const END_OF_SCOPE = `
ended.fqdn = run.fqdn AND ended.run_id COLLATE "C" = run.run_id AND ended.scope = begun.scope
  AND ended.run_id IS NOT NULL AND ended.is_passed IS NOT NULL`;

const OWN_SUCCESS = `
(SELECT max(own.counted_at) FROM (
   SELECT ended.counted_at FROM engine_backup_log ended WHERE ${END_OF_SCOPE} AND ended.is_passed AND NOT ended.is_discounted
   LIMIT ${REPORTS_MAX}) own)`;

/**
 * Reads the runs that may be open and what their reports say about them, by engine and `run_id`: `all` of them; or `pending`, those with an
 * alert and those of `fqdns`. The cost depends on the number of these runs, not on that of reports.
 *
 * @param fqdns the engines that an administrator has changed
 */
export async function readOpenRuns(
  sql: SqlRunner,
  which: 'all' | 'pending',
  fqdns: readonly string[] = [],
): Promise<OpenRunRow[]> {
  const isAll = which === 'all';
  const rows: Columns[] = await sql.query(
    `SELECT run.fqdn, run.run_id, run.scope, run.open, run.alert_id, run.decided_at,
       begun.scope AS begun_scope, ${msOf('begun.counted_at')} AS started_at,
       run.run_id <> '' AND EXISTS (SELECT FROM engine_backup_log ended WHERE ${END_OF_SCOPE}) AS has_ended,
       ${msOf(`CASE WHEN run.run_id <> '' AND last.counted_at > coalesce(${OWN_SUCCESS}, '-infinity') THEN last.counted_at END`)} AS other_success_at
     FROM (
       (SELECT fqdn, run_id, (CASE run_id WHEN '' THEN scope ELSE '' END) COLLATE "C" AS scope,
          json_agg(json_build_object('scope', scope, 'starts', starts::text)) AS open
        FROM open_run ${isAll ? '' : 'WHERE fqdn = ANY ($1)'} GROUP BY 1, 2, 3) open
       FULL JOIN (${ACTIVE_ALERTS}) active USING (fqdn, run_id, scope)
     ) run
     LEFT JOIN LATERAL (${BEGUN_BY_NAME} UNION ALL ${BEGUN_WITHOUT_NAME}) begun ON true
     LEFT JOIN engine_last_success last ON last.fqdn = run.fqdn AND last.scope = begun.scope
     ORDER BY run.fqdn, run.run_id, run.scope, begun.scope`,
    isAll ? [] : [fqdns],
  );
  return runsOf(rows);
}

interface Columns {
  fqdn: string;
  run_id: string;
  /** Empty for a run with a `run_id`. */
  scope: string;
  /** Null if it has no rows in `open_run`. */
  open: OpenScope[] | null;
  /** Null if it has no alert. */
  alert_id: string | null;
  decided_at: number | null;
  /** Null, like everything below, if it has no started reports. */
  begun_scope: string | null;
  started_at: number;
  has_ended: boolean;
  other_success_at: number | null;
}

function runsOf(rows: readonly Columns[]): OpenRunRow[] {
  const runs: (OpenRunRow & { readonly scopes: BegunScope[] })[] = [];
  let last: Columns | undefined;
  for (const row of rows) {
    const isSame =
      last !== undefined &&
      last.fqdn === row.fqdn &&
      last.run_id === row.run_id &&
      last.scope === row.scope;
    if (!isSame) runs.push(withoutScopes(row));
    last = row;
    if (row.begun_scope !== null)
      runs.at(-1)?.scopes.push({
        scope: row.begun_scope,
        startedAt: row.started_at,
        hasEnded: row.has_ended,
        otherSuccessAt: row.other_success_at,
      });
  }
  return runs;
}

function withoutScopes(row: Columns): OpenRunRow & { readonly scopes: BegunScope[] } {
  const { fqdn, run_id: runId, open } = row;
  return {
    fqdn,
    runId: runId === '' ? null : runId,
    scopes: [],
    active: activeAlert(row),
    open: open ?? [],
  };
}

function activeAlert({ alert_id: alertId, decided_at: decidedAt }: Columns): OpenRunRow['active'] {
  return alertId === null || decidedAt === null ? null : { alertId, decidedAt };
}
