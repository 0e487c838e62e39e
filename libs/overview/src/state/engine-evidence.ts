import { msOf, type SqlRunner } from '@backup-awareness/database/connection';
import type { EngineSituation } from './engine-situations.js';

/** The rows behind a verdict. Instants are RFC 3339 in UTC; an id of the audit log is null where it no longer has the row. */
export interface EngineEvidence {
  readonly last_successes: readonly {
    readonly scope: string;
    readonly event_id: string;
    readonly done_at: string;
    readonly received_at: string;
    readonly counted_at: string;
    readonly reported_by: string | null;
    readonly audit_log_id: string | null;
  }[];
  /** Of the alert period that holds; nulls where it was never changed, or the audit log no longer says. */
  readonly period: {
    readonly changed_at: string | null;
    readonly set_by: string | null;
    readonly audit_log_id: string | null;
  };
  /** Who added the engine; nulls where its first report registered it, or the audit log no longer says. */
  readonly monitoring: { readonly added_by: string | null; readonly audit_log_id: string | null };
  /** The rows of its active alerts. */
  readonly alerts: readonly { readonly alert_id: string; readonly audit_log_id: string | null }[];
}

/** Reads the rows behind the verdict on an engine. */
export async function readEngineEvidence(
  sql: SqlRunner,
  engine: EngineSituation,
): Promise<EngineEvidence> {
  const { fqdn, facts, activeAlerts } = engine;
  const changedAt = facts?.alertPeriodChangedAt ?? null;
  return {
    last_successes: await readSuccesses(sql, engine),
    period: {
      changed_at: changedAt === null ? null : new Date(changedAt).toISOString(),
      ...(await readPeriodChange(sql, fqdn, changedAt)),
    },
    monitoring: await readAddition(sql, engine),
    alerts: await readRaised(
      sql,
      activeAlerts.map(({ alertId }) => alertId),
    ),
  };
}

const WHEN = msOf(`(custom_data ->> 'when')::timestamptz`);

// done_at is never before counted_at, which the index of reports by done_at makes use of.
const SUCCESSES = `
SELECT DISTINCT ON (scope) scope, log.event_id, done_at, received_at, counted_at, reported_by, audit_log_id
FROM (VALUES ('db', $2::float8), ('files', $3::float8)) AS last (name, at)
JOIN engine_backup_log log ON log.fqdn = $1 AND scope = last.name AND is_passed
  AND done_at >= to_timestamp(last.at / 1000) - interval '1 millisecond' AND ${msOf('counted_at')} = last.at
LEFT JOIN audit_log ON audit_log.origin = '/ovirt/engines/' || $1 AND audit_log.event_id = log.event_id
ORDER BY scope, received_at`;

async function readSuccesses(
  sql: SqlRunner,
  { fqdn, lastDbSuccessAt, lastFilesSuccessAt }: EngineSituation,
): Promise<EngineEvidence['last_successes']> {
  const rows: (Omit<
    EngineEvidence['last_successes'][number],
    'done_at' | 'received_at' | 'counted_at'
  > & { done_at: Date; received_at: Date; counted_at: Date })[] = await sql.query(SUCCESSES, [
    fqdn,
    lastDbSuccessAt,
    lastFilesSuccessAt,
  ]);
  return rows.map((row) => ({
    ...row,
    done_at: row.done_at.toISOString(),
    received_at: row.received_at.toISOString(),
    counted_at: row.counted_at.toISOString(),
  }));
}

async function readPeriodChange(sql: SqlRunner, fqdn: string, changedAt: number | null) {
  const [row]: { set_by: string; audit_log_id: string }[] = await sql.query(
    `SELECT custom_data ->> 'who' AS set_by, audit_log_id FROM audit_log
     WHERE event_name = 'SettingChanged' AND (fqdn = $1 OR fqdn IS NULL)
       AND custom_data ->> 'what' = 'BackupAlertPeriodInDays' AND ${WHEN} = $2::float8
     ORDER BY audit_log_id DESC LIMIT 1`,
    [fqdn, changedAt],
  );
  return row ?? { set_by: null, audit_log_id: null };
}

async function readAddition(sql: SqlRunner, { fqdn, watchedSinceAt }: EngineSituation) {
  const [row]: { added_by: string; audit_log_id: string }[] = await sql.query(
    `SELECT custom_data ->> 'who' AS added_by, audit_log_id FROM audit_log
     WHERE event_name = 'EngineAdded' AND fqdn = $1 AND ${WHEN} = $2::float8
     ORDER BY audit_log_id DESC LIMIT 1`,
    [fqdn, watchedSinceAt],
  );
  return row ?? { added_by: null, audit_log_id: null };
}

async function readRaised(
  sql: SqlRunner,
  alertIds: readonly string[],
): Promise<EngineEvidence['alerts']> {
  return sql.query(
    `SELECT it.alert_id, audit_log_id FROM unnest($1::uuid[]) AS it (alert_id)
     LEFT JOIN audit_log ON audit_log.alert_id = it.alert_id AND event_name = 'BackupAlertRaised'`,
    [alertIds],
  );
}
