import {
  engineSource,
  REPORT_STATUS,
  SEVERITY,
  type EngineBackupReport,
} from '@backup-awareness/contracts';
import type { AuditRow } from '@backup-awareness/database';
import { auditRow } from './audit-row.js';
import { cutText } from './cut-text.js';
import { describeReport } from './describe-event.js';

/** The row of a report. Long texts are cut; the row says where the full text is. */
export function reportRow(report: EngineBackupReport, now: Date): AuditRow {
  const { name, eventId, eventTime, fqdn, scope, doneAt, runId, reportedBy, traceparent } = report;
  const output = cutText(report.outputMessage);
  const path = cutText(report.logPath);
  const isCut = output.whole !== undefined || path.whole !== undefined;
  const said = describeReport({ ...report, outputMessage: output.kept, logPath: path.kept });
  return auditRow(
    { name, id: eventId, time: eventTime ?? doneAt, source: engineSource(fqdn), traceparent },
    {
      logTypeName: name,
      severity: name === 'ENGINE_BACKUP_FAILED' ? SEVERITY.ERROR : SEVERITY.NORMAL,
      message: isCut
        ? `${said} [cut; the full text is in engine_backup_log, event_id ${eventId}]`
        : said,
      fqdn,
      reportOf: fqdn,
      reportedBy,
      correlationId: runId,
      data: {
        scope,
        done_at: doneAt,
        status: REPORT_STATUS[name],
        output_message: output.kept,
        fqdn,
        log_path: path.kept,
        run_id: runId,
        ...(isCut
          ? {
              cut: {
                table: 'engine_backup_log',
                event_id: eventId,
                ...(output.whole && { output_message: output.whole }),
                ...(path.whole && { log_path: path.whole }),
              },
            }
          : {}),
      },
    },
    now,
  );
}
