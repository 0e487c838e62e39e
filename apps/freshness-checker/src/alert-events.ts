import {
  backupAlertCleared,
  backupAlertRaised,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import type { AlertEvent } from '@backup-awareness/freshness';

/** The event of a decision as it is published. */
export function outgoingEvent(event: AlertEvent, alertPeriodDays: number): OutgoingEvent {
  if (event.type === 'BackupAlertRaised')
    return backupAlertRaised({
      alert_id: event.alertId,
      alert: event.alert,
      fqdn: event.fqdn,
      since: instant(event.sinceAt),
      decided_at: instant(event.decidedAt),
      last_full_backup_at: event.lastFullBackupAt === null ? null : instant(event.lastFullBackupAt),
      alert_period_days: alertPeriodDays,
      sequence: event.sequence,
      message: event.message,
    });
  return backupAlertCleared({
    alert_id: event.alertId,
    alert: event.alert,
    fqdn: event.fqdn,
    sequence: event.sequence,
    raised_at: instant(event.raisedAt),
    cleared_at: instant(event.clearedAt),
    reason: event.reason,
  });
}

export function instant(atMs: number): string {
  return new Date(atMs).toISOString();
}
