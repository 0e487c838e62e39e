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

/** Alerts, newest first: those that are active and not dismissed, or all. */
export async function listAlerts(
  dataSource: SqlRunner,
  { all = false }: { readonly all?: boolean } = {},
): Promise<ListedAlert[]> {
  const rows: AlertRow[] = await dataSource.query(
    `SELECT alert_id, alert, fqdn, cleared_at IS NULL AS active, since, decided_at AS raised_at, cleared_at, reason,
       dismissed_at, dismissed_by, dismissed_until, dismissal_comment, sequence, message
     FROM alert ${joinDismissal()}
     WHERE $1 OR (cleared_at IS NULL AND dismissed_at IS NULL)
     ORDER BY decided_at DESC, fqdn, sequence DESC`,
    [all],
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
