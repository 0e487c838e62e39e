import type { SqlRunner } from '@backup-awareness/database/connection';
import type { TimeSpan } from '@backup-awareness/freshness';
import { FULL_BACKUP_SCOPES } from '../failed-runs.js';

/** What happened to an engine in a span of time, besides its coverage. */
export interface SpanFigures {
  /** Alerts of freshness that were raised. */
  readonly alerts: number;
  /** Runs whose failure of `db` or `files` was received; a report without a run id counts as a separate run. */
  readonly failedBackups: number;
}

const NOTHING: SpanFigures = { alerts: 0, failedBackups: 0 };

const instantOf = (parameter: string) => `to_timestamp(${parameter}::float8 / 1000)`;

// Failures by their own index, alerts by engine: neither looks at an engine's other reports.
const FIGURES = `
SELECT asked.fqdn, alerts.count::int AS alerts, failed.count::int AS "failedBackups"
FROM unnest($1::text[]) AS asked (fqdn)
CROSS JOIN LATERAL (
  SELECT count(*) AS count FROM alert
  WHERE alert.fqdn = asked.fqdn AND alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')
    AND decided_at >= ${instantOf('$3')} AND decided_at < ${instantOf('$4')}
) alerts
CROSS JOIN LATERAL (
  SELECT count(DISTINCT coalesce(run_id, event_id)) AS count FROM engine_backup_log log
  WHERE log.fqdn = asked.fqdn AND scope = ANY ($2) AND NOT is_passed AND NOT is_discounted
    AND received_at >= ${instantOf('$3')} AND received_at < ${instantOf('$4')}
) failed`;

/** In one statement, whatever the number of engines. */
export async function readSpanFigures(
  sql: SqlRunner,
  fqdns: readonly string[],
  { from, until }: TimeSpan,
): Promise<(fqdn: string) => SpanFigures> {
  const rows: ({ fqdn: string } & SpanFigures)[] = await sql.query(FIGURES, [
    fqdns,
    FULL_BACKUP_SCOPES,
    from,
    until,
  ]);
  const figuresOf = new Map(rows.map(({ fqdn, ...figures }) => [fqdn, figures]));
  return (fqdn) => figuresOf.get(fqdn) ?? NOTHING;
}
