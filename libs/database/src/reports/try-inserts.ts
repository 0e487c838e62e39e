import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { insertReports } from './log-reports.js';
import { registerEngines } from './register-engines.js';

/** Undoes a trial; never leaves this file. */
class TrialOver extends Error {}

async function undone(
  dataSource: DataSource,
  insert: (transaction: EntityManager) => Promise<unknown>,
): Promise<void> {
  try {
    await inTransaction(dataSource, async (transaction) => {
      await insert(transaction);
      throw new TrialOver();
    });
  } catch (error) {
    if (!(error instanceof TrialOver)) throw error;
  }
}

/**
 * Stores a report just as ingest does and takes it back: what can be read may be what cannot be written (read-only, disk full, no right,
 * a table missing that only the trigger or the registration of engines needs).
 */
export async function tryToLogReport(dataSource: DataSource): Promise<void> {
  const name = randomUUID();
  const trial = {
    eventId: name,
    fqdn: `${name}.invalid`,
    scope: 'trial',
    doneAt: '1970-01-01T00:00:00Z',
    isPassed: true,
    outputMessage: '',
    logPath: '',
    runId: null,
    sentAt: null,
    firstReceivedAt: null,
    reportedBy: null,
  };
  await undone(dataSource, async (transaction) => {
    await registerEngines(transaction, [trial.fqdn]);
    // Where reports may register no more, it was not: a report is stored for an engine that is known only.
    await transaction.query('INSERT INTO engine (fqdn) VALUES ($1) ON CONFLICT DO NOTHING', [
      trial.fqdn,
    ]);
    await insertReports(transaction, [trial]);
  });
}

/** The same for the audit log. */
export async function tryToRecordAudit(dataSource: DataSource): Promise<void> {
  await undone(dataSource, (transaction) =>
    transaction.query(
      `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
       VALUES (now(), 'trial', 0, 0, '', 'trial', gen_random_uuid()::text, 'trial', '{}')`,
    ),
  );
}
