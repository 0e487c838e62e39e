import { msOf } from '@backup-awareness/database/connection';
import type { SqlRunner } from '@backup-awareness/database/connection';
import { joinDismissal } from '@backup-awareness/database/lists';

/** An alert, active or cleared. Instants are whole milliseconds since 1970. */
export interface AlertRow {
  readonly alertId: string;
  readonly alert: string;
  readonly fqdn: string;
  /** When it became true. */
  readonly sinceAt: number;
  /** When it was raised. */
  readonly decidedAt: number;
  readonly lastFullBackupAt: number | null;
  readonly sequence: number;
  readonly message: string;
  /** Null while it is active. */
  readonly clearedAt: number | null;
  readonly reason: string | null;
  /** Null while it is not dismissed, also after the end of a dismissal. */
  readonly dismissedAt: number | null;
  readonly dismissedBy: string | null;
  readonly dismissedUntil: number | null;
  readonly dismissalComment: string | null;
  /** When its dismissal ended while it was active: since then it is sent again. */
  readonly shownAgainAt: number | null;
}

const COLUMNS = `alert_id AS "alertId", alert, fqdn, ${msOf('since')} AS "sinceAt", ${msOf('decided_at')} AS "decidedAt",
  ${msOf('last_full_backup_at')} AS "lastFullBackupAt", sequence::float8 AS sequence, message,
  ${msOf('cleared_at')} AS "clearedAt", reason, ${msOf('dismissed_at')} AS "dismissedAt", dismissed_by AS "dismissedBy",
  ${msOf('dismissed_until')} AS "dismissedUntil", dismissal_comment AS "dismissalComment",
  (SELECT ${msOf('over.dismissed_until')} FROM alert_dismissal over
   WHERE over.alert_id = alert.alert_id AND dismissal.dismissed_at IS NULL) AS "shownAgainAt"`;

type Selection = { readonly clearedAfter: number } | { readonly ids: readonly string[] };

/**
 * The alerts that are active or were cleared after an instant, or those of these ids; by engine and sequence.
 *
 * @param selection.now whole milliseconds since 1970, by the database's clock
 */
export async function readAlerts(
  sql: SqlRunner,
  selection: Selection & { readonly now: number },
): Promise<AlertRow[]> {
  const [condition, parameter] =
    'ids' in selection
      ? ['alert_id = ANY ($2::uuid[])', selection.ids]
      : [
          'cleared_at IS NULL OR cleared_at > to_timestamp($2::float8 / 1000)',
          selection.clearedAfter,
        ];
  return sql.query(
    `SELECT ${COLUMNS} FROM alert ${joinDismissal('to_timestamp($1::float8 / 1000)')}
     WHERE ${condition} ORDER BY fqdn, sequence`,
    [selection.now, parameter],
  );
}

export interface AlertVersion {
  /** The database's clock, in whole milliseconds since 1970. */
  readonly now: number;
  /** Another one whenever an alert was raised, cleared or dismissed, a dismissal ended, or nothing is known of what was. */
  readonly version: string;
}

/** What changes whenever alerts do, at a cost that hardly depends on their number. */
export async function readAlertVersion(sql: SqlRunner): Promise<AlertVersion> {
  const [row]: AlertVersion[] = await sql.query(
    `SELECT ${msOf('statement_timestamp()')} AS now, concat_ws('/',
       (SELECT concat_ws('/', count(*), max(decided_at)) FROM alert WHERE cleared_at IS NULL),
       (SELECT max(cleared_at) FROM alert WHERE cleared_at IS NOT NULL),
       (SELECT concat_ws('/', count(*), max(dismissed_at), count(*) FILTER (WHERE dismissed_until <= statement_timestamp()))
        FROM alert_dismissal),
       (SELECT concat_ws('/', count(*), max(began_at), max(ended_at)) FROM unknown_spell)) AS version`,
  );
  return row!;
}

/** How many engines are monitored. */
export async function readMonitoredCount(sql: SqlRunner): Promise<number> {
  const [row]: { monitored: number }[] = await sql.query(
    'SELECT count(*)::int AS monitored FROM engine WHERE retired_at IS NULL',
  );
  return row!.monitored;
}
