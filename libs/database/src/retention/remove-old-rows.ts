import type { DataSource } from 'typeorm';

/** The result of a step: how many rows it removed, and where the next one starts; null when nothing is left. */
export interface RemovalStep {
  readonly removed: number;
  readonly next: string | null;
}

/** A table whose old rows are removed in steps. */
export interface OldRows {
  readonly table: string;
  /**
   * Runs one short step in a transaction of its own, from the start (null) or from the `next` of the last step. Does nothing while
   * another process runs one.
   *
   * @throws the database's error, also if the setting cannot be read; nothing is removed then
   */
  removeStep(dataSource: DataSource, from: string | null): Promise<RemovalStep>;
}

// So few that reports do not wait noticeably (docs/performance.md, Growth).
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

/** Events recorded longer ago than `AuditLogRetentionInDays`; never those of an active alert. */
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

/** Alerts cleared longer ago than `AuditLogRetentionInDays`, with their dismissals; never an active one. */
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
