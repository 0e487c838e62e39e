import type { SqlRunner } from '../connection/sql-runner.js';
import { LAST_SUCCESSES } from '../reports/last-successes.js';

/** An engine with the facts that decisions are based on. */
export interface ListedEngine {
  readonly fqdn: string;
  readonly watchedSince: Date;
  /** Null while it is monitored. */
  readonly retiredAt: Date | null;
  /** Its own period in days; null where the general one applies. */
  readonly alertPeriodDays: number | null;
  /** The only broker user that may report about it; null where any may. */
  readonly brokerUser: string | null;
  readonly lastDbSuccessAt: Date | null;
  readonly lastFilesSuccessAt: Date | null;
  /** The earlier of the two; null while one is missing. */
  readonly lastFullBackupAt: Date | null;
  /** The active freshness alert, dismissed or not. */
  readonly activeAlert: string | null;
}

/** All engines, including retired ones, by name. */
export async function listEngines(dataSource: SqlRunner): Promise<ListedEngine[]> {
  return dataSource.query(
    `SELECT engine.fqdn, watched_since AS "watchedSince", retired_at AS "retiredAt",
       engine.alert_period_days::float8 AS "alertPeriodDays",
       engine.broker_user AS "brokerUser",
       db.counted_at AS "lastDbSuccessAt", files.counted_at AS "lastFilesSuccessAt",
       CASE WHEN db.fqdn IS NOT NULL AND files.fqdn IS NOT NULL THEN least(db.counted_at, files.counted_at) END
         AS "lastFullBackupAt",
       alert.alert AS "activeAlert"
     FROM engine ${LAST_SUCCESSES}
     LEFT JOIN alert ON alert.fqdn = engine.fqdn AND alert.cleared_at IS NULL
       AND alert.alert IN ('ENGINE_NO_FULL_BACKUP', 'ENGINE_NO_WARM_BACKUP')
     ORDER BY engine.fqdn`,
  );
}
