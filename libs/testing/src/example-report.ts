import type { LoggedReport } from '@backup-awareness/database';

let lastId = 0;

/** A valid report: a success of `db` with a new id, except for the fields given. */
export function exampleReport(fields: Partial<LoggedReport> = {}): LoggedReport {
  return {
    eventId: `report-${++lastId}`,
    fqdn: 'engine.example.com',
    scope: 'db',
    doneAt: '2026-01-01T10:00:00.000000Z',
    isPassed: true,
    outputMessage: 'Backup Finished',
    logPath: '/var/log/ovirt-engine-backup/backup.log',
    runId: null,
    traceparent: null,
    sentAt: null,
    firstReceivedAt: null,
    reportedBy: null,
    ...fields,
  };
}
