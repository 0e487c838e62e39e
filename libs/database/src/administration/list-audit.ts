import { describe, normalizeFqdn } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '../connection/sql-runner.js';
import { refuseWith } from './refused-error.js';

export interface AuditQuery {
  /** Only what happened at this instant or later. */
  readonly since?: Date | undefined;
  /** Only what happened before this instant. */
  readonly until?: Date | undefined;
  readonly fqdn?: string | undefined;
  /** The name of the type, such as `BackupAlertRaised` or that of oVirt. */
  readonly type?: string | undefined;
  readonly severity?: number | undefined;
  /** Only rows before this `audit_log_id`. */
  readonly before?: string | undefined;
  /**
   * Only rows after this `audit_log_id`, oldest first; without it the newest rows. Ids are assigned before the commit, so a row can
   * appear behind one already listed: a follower of the log has to read some ids twice, and an export ends at
   * `newestSettledAudit`.
   */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A row of the audit log; instants are RFC 3339 in UTC. */
export interface ListedAudit {
  /** A bigint, as text. */
  readonly audit_log_id: string;
  readonly log_time: string;
  readonly log_type_name: string;
  readonly log_type: number;
  readonly severity: number;
  readonly message: string;
  readonly origin: string;
  readonly correlation_id: string | null;
  readonly fqdn: string | null;
  readonly alert_id: string | null;
  readonly event_id: string;
  readonly event_name: string;
  readonly custom_data: unknown;
}

const ID = /^\d{1,18}$/;

/** Rows of the audit log in the order of their recording, at most `limit`. @throws RefusedError for an invalid `after` */
export async function listAudit(dataSource: SqlRunner, query: AuditQuery): Promise<ListedAudit[]> {
  const { since, after, limit } = query;
  for (const [name, id] of [
    ['after', after],
    ['before', query.before],
  ] as const)
    if (id !== undefined && !ID.test(id))
      refuseWith(name, 'the audit_log_id of a row', describe(id));
  const fqdn = query.fqdn === undefined ? null : (normalizeFqdn(query.fqdn) ?? query.fqdn);
  const rows: (ListedAudit & { log_time: Date })[] = await dataSource.query(
    `SELECT audit_log_id, log_time, log_type_name, log_type, severity, message, origin, correlation_id, fqdn, alert_id,
       event_id, event_name, custom_data
     FROM audit_log
     WHERE ($1::timestamptz IS NULL OR log_time >= $1) AND ($2::text IS NULL OR fqdn = $2)
       AND ($3::bigint IS NULL OR audit_log_id > $3)
       AND ($5::timestamptz IS NULL OR log_time < $5) AND ($6::text IS NULL OR log_type_name = $6)
       AND ($7::int IS NULL OR severity = $7) AND ($8::bigint IS NULL OR audit_log_id < $8)
     ORDER BY audit_log_id ${after === undefined ? 'DESC' : 'ASC'} LIMIT $4`,
    [
      since ?? null,
      fqdn,
      after ?? null,
      limit,
      query.until ?? null,
      query.type ?? null,
      query.severity ?? null,
      query.before ?? null,
    ],
  );
  if (after === undefined) rows.reverse();
  return rows.map((row) => ({ ...row, log_time: row.log_time.toISOString() }));
}
