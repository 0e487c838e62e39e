import type { EngineBackupReportData } from './engine-backup-report.js';

export const ENGINE_BACKUP_COMPLETED = 'ENGINE_BACKUP_COMPLETED';

/** One scope of a run of engine-backup has completed. */
export const engineBackupCompletedExample: EngineBackupReportData = {
  scope: 'db',
  done_at: '2026-11-23T01:10:42+01:00',
  status: 1,
  output_message: 'Backup Finished',
  fqdn: 'engine.example.com',
  log_path: '/var/log/ovirt-engine-backup/ovirt-engine-backup-20261123011000.log',
  run_id: '019ab0c4-5f6e-7a31-9d55-0f0f7e6b7a10',
};
