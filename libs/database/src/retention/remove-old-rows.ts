import type { DataSource } from 'typeorm';

/** What a step has done: how many rows it removed, and where the next begins; null once there is no more. */
export interface RemovalStep {
  readonly removed: number;
  readonly next: string | null;
}

/** A table whose old rows go in steps. */
export interface OldRows {
  readonly table: string;
  /**
   * One step, from the beginning or from where the last one said; short, in a transaction of its own, and nothing while
   * another process is at it.
   *
   * @throws the database's error, also where the setting cannot be read; nothing is removed then
   */
  removeStep(dataSource: DataSource, from: string | null): Promise<RemovalStep>;
}

// So few that reports that come meanwhile do not wait noticeably (docs/performance.md, Growth).
const STEP_ROWS = 500;

/** Reports received longer ago than `BackupLogRetentionInDays`; never the last success of an engine's scope. */
export const OLD_REPORTS: OldRows = {
  table: 'engine_backup_log',
  removeStep: async (dataSource, from) => {
    const [step] = await dataSource.query(
      `SELECT removed, next_at::text AS next FROM remove_old_reports($1::timestamptz, $2)`,
      [from ?? '-infinity', STEP_ROWS],
    );
    return step;
  },
};

/** Events recorded longer ago than `AuditLogRetentionInDays`; never what belongs to an active alert. */
export const OLD_AUDIT_ROWS: OldRows = {
  table: 'audit_log',
  removeStep: async (dataSource, from) => {
    const [step] = await dataSource.query(
      `SELECT removed, next_id::text AS next FROM remove_old_audit_rows($1::bigint, $2)`,
      [from ?? '0', STEP_ROWS],
    );
    return step;
  },
};

/** Alerts cleared longer ago than `AuditLogRetentionInDays`, with their dismissals; never one that is active. */
export const OLD_ALERTS: OldRows = {
  table: 'alert',
  removeStep: async (dataSource, from) => {
    const [step] = await dataSource.query(
      `SELECT removed, next_at::text AS next FROM remove_old_alerts($1::timestamptz, $2)`,
      [from ?? '-infinity', STEP_ROWS],
    );
    return step;
  },
};
