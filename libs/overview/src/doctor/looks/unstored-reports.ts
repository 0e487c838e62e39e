import type { SqlRunner } from '@backup-awareness/database/connection';

/** Reports of one engine that audit has recorded and ingest has not stored. */
export interface UnstoredReports {
  readonly fqdn: string;
  readonly count: number;
  /** The event id of the latest. */
  readonly latestId: string;
}

/** Ingest stores a report within seconds; audit may have been the earlier one. */
const GRACE = `interval '1 minute'`;

// Those that ingest has refused are in the audit log too, if audit read them while their sender was still allowed. Only of the last day:
// a report of before is in no queue, and was reported for a day. Nothing that retention has removed is as young.
const UNSTORED_SQL = `
SELECT fqdn, count(*)::int AS count, (array_agg(event_id ORDER BY audit_log_id DESC))[1] AS "latestId"
FROM audit_log audited
WHERE log_time > statement_timestamp() - interval '1 day'
  AND recorded_at BETWEEN statement_timestamp() - interval '1 day' AND statement_timestamp() - ${GRACE}
  AND event_name IN ('ENGINE_BACKUP_STARTED', 'ENGINE_BACKUP_COMPLETED', 'ENGINE_BACKUP_FAILED')
  AND NOT EXISTS (SELECT FROM engine_backup_log log WHERE log.fqdn = audited.fqdn AND log.event_id = audited.event_id)
GROUP BY fqdn ORDER BY fqdn`;

export async function readUnstoredReports(sql: SqlRunner): Promise<UnstoredReports[]> {
  return sql.query(UNSTORED_SQL);
}
