import type { DataSource } from 'typeorm';
import { inTransaction } from './in-transaction.js';

/** Undoes a trial; never leaves this file. */
class TrialOver extends Error {}

async function tryInsert(dataSource: DataSource, insertSql: string): Promise<void> {
  try {
    await inTransaction(dataSource, async (manager) => {
      await manager.query(insertSql);
      throw new TrialOver();
    });
  } catch (error) {
    if (!(error instanceof TrialOver)) throw error;
  }
}

/** Writes a report and takes it back: a table that can be read may be one that cannot be written (read-only, disk full, no right). */
export async function tryToLogReport(dataSource: DataSource): Promise<void> {
  await tryInsert(
    dataSource,
    `INSERT INTO engine_backup_log (fqdn, event_id, scope, done_at, output_message, log_path, received_at, counted_at)
     VALUES ('trial.invalid', gen_random_uuid()::text, 'trial', now(), '', '', now(), now())`,
  );
}

/** The same for the audit log. */
export async function tryToRecordAudit(dataSource: DataSource): Promise<void> {
  await tryInsert(
    dataSource,
    `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
     VALUES (now(), 'trial', 0, 0, '', 'trial', gen_random_uuid()::text, 'trial', '{}')`,
  );
}
