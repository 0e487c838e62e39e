import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { inTransaction } from '../connection/in-transaction.js';
import { insertReports } from './log-reports.js';
import { registerEngines } from './register-engines.js';

/** Rolls a trial back; never leaves this file. */
class TrialOver extends Error {}

async function inRolledBackTransaction(
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
 * Stores a report as ingest does and rolls it back. A database that can be read may still refuse writes: it is read-only, the disk is full,
 * a privilege is missing, or a table that only the trigger or the registration of engines needs.
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
    traceparent: null,
    sentAt: null,
    firstReceivedAt: null,
    reportedBy: null,
  };
  await inRolledBackTransaction(dataSource, async (transaction) => {
    await registerEngines(transaction, [trial.fqdn]);
    // Not registered if reports may not register more; a report can be stored only for a known engine.
    await transaction.query('INSERT INTO engine (fqdn) VALUES ($1) ON CONFLICT DO NOTHING', [
      trial.fqdn,
    ]);
    await insertReports(transaction, [trial]);
  });
}

/** Records a row of the audit log and rolls it back, for the same reason. */
export async function tryToRecordAudit(dataSource: DataSource): Promise<void> {
  await inRolledBackTransaction(dataSource, (transaction) =>
    transaction.query(
      `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, event_id, event_name, custom_data)
       VALUES (now(), 'trial', 0, 0, '', 'trial', gen_random_uuid()::text, 'trial', '{}')`,
    ),
  );
}
