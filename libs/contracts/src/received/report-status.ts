/** The three reports of engine-backup and the `status` that goes with each. */
export const REPORT_STATUS = {
  ENGINE_BACKUP_STARTED: 0,
  ENGINE_BACKUP_COMPLETED: 1,
  ENGINE_BACKUP_FAILED: -1,
} as const;

export type ReportName = keyof typeof REPORT_STATUS;
export type ReportStatus = (typeof REPORT_STATUS)[ReportName];

export const REPORT_NAMES = Object.keys(REPORT_STATUS) as readonly ReportName[];
