import type { SqlRunner } from '../connection/sql-runner.js';
import { joinDismissal } from './dismissal-in-effect.js';

/** An alert as `alerts list --json` shows it; instants are RFC 3339 in UTC. */
export interface ListedAlert {
  readonly alert_id: string;
  readonly alert: string;
  readonly fqdn: string;
  readonly active: boolean;
  readonly since: string;
  readonly raised_at: string;
  readonly cleared_at: string | null;
  readonly reason: string | null;
  /** Null while it is not dismissed, also after the end of a dismissal. */
  readonly dismissed_at: string | null;
  readonly dismissed_by: string | null;
  /** Null: until it is cleared. */
  readonly dismissed_until: string | null;
  readonly dismissal_comment: string | null;
  readonly sequence: number;
  readonly message: string;
}

export interface AlertsQuery {
  /** Also past and dismissed ones. */
  readonly all?: boolean;
  /** Only those that are active, or only past ones. */
  readonly active?: boolean | undefined;
  readonly fqdn?: string | undefined;
  /** Only alerts that come after this one in the list. */
  readonly after?: Pick<ListedAlert, 'raised_at' | 'fqdn' | 'sequence'> | undefined;
  readonly limit?: number;
}

/** Alerts, newest first: those that are active and not dismissed, or all. */
export async function listAlerts(
  dataSource: SqlRunner,
  { all = false, active, fqdn, after, limit }: AlertsQuery = {},
): Promise<ListedAlert[]> {
  const rows: AlertRow[] = await dataSource.query(
    `SELECT alert_id, alert, fqdn, cleared_at IS NULL AS active, since, decided_at AS raised_at, cleared_at, reason,
       dismissed_at, dismissed_by, dismissed_until, dismissal_comment, sequence, message
     FROM alert ${joinDismissal()}
     WHERE ($1 OR (cleared_at IS NULL AND dismissed_at IS NULL))
       AND ($2::boolean IS NULL OR (cleared_at IS NULL) = $2) AND ($3::text IS NULL OR fqdn = $3)
       AND ($4::timestamptz IS NULL OR decided_at < $4
         OR (decided_at = $4 AND (fqdn > $5 OR (fqdn = $5 AND sequence < $6::bigint))))
     ORDER BY decided_at DESC, fqdn, sequence DESC LIMIT $7`,
    [
      all,
      active ?? null,
      fqdn ?? null,
      after?.raised_at ?? null,
      after?.fqdn ?? null,
      after?.sequence ?? null,
      limit ?? null,
    ],
  );
  return rows.map((row) => ({
    ...row,
    since: row.since.toISOString(),
    raised_at: row.raised_at.toISOString(),
    cleared_at: row.cleared_at?.toISOString() ?? null,
    dismissed_at: row.dismissed_at?.toISOString() ?? null,
    dismissed_until: row.dismissed_until?.toISOString() ?? null,
    sequence: Number(row.sequence),
  }));
}

interface AlertRow {
  alert_id: string;
  alert: string;
  fqdn: string;
  active: boolean;
  since: Date;
  raised_at: Date;
  cleared_at: Date | null;
  reason: string | null;
  dismissed_at: Date | null;
  dismissed_by: string | null;
  dismissed_until: Date | null;
  dismissal_comment: string | null;
  sequence: string;
  message: string;
}
