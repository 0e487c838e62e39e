import { randomUUID } from 'node:crypto';
import {
  backupAlertCleared,
  backupAlertRaised,
  type ClearReason,
  type OutgoingEvent,
} from '@backup-awareness/contracts';
import type { TestDatabase } from '@backup-awareness/testing';
import { HOUR_MS, NOW } from './example-alert.js';

export interface RaisedAlert {
  readonly alertId: string;
  readonly fqdn: string;
  readonly alert: 'ENGINE_NO_FULL_BACKUP' | 'ENGINE_NO_WARM_BACKUP';
  readonly sequence: number;
}

const instant = (at: number) => new Date(at).toISOString();

/** Raises and clears alerts as checker and audit do, each with its event in the audit log, unless audit is behind. */
export function alertsIn({ owner }: TestDatabase) {
  async function record(alertId: string, event: OutgoingEvent<{ readonly fqdn: string }>) {
    await owner.query(
      `INSERT INTO audit_log (log_time, log_type_name, log_type, severity, message, origin, fqdn, alert_id, event_id, event_name, custom_data)
       VALUES (now(), $1, 0, 0, '', $2, $3, $4, $5, $6, $7)`,
      [event.subject, event.source, event.data.fqdn, alertId, event.id, event.name, event.data],
    );
    return event;
  }

  return {
    /** @returns the alert, and a step that records its event, already done unless `isAuditBehind` */
    async raise(
      fields: Partial<RaisedAlert & { at: number; isAuditBehind: boolean }> = {},
    ): Promise<RaisedAlert & { readonly recordEvent: () => Promise<OutgoingEvent> }> {
      const {
        fqdn = 'engine.example.com',
        alert = 'ENGINE_NO_FULL_BACKUP',
        sequence = 1,
        at = NOW - HOUR_MS,
        isAuditBehind = false,
        alertId = randomUUID(),
      } = fields;
      const message = `${fqdn} has no full backup`;
      await owner.query(
        `INSERT INTO alert (alert_id, alert, fqdn, since, decided_at, alert_period_days, sequence, message)
         VALUES ($1, $2, $3, $4, $4, 1, $5, $6)`,
        [alertId, alert, fqdn, instant(at), sequence, message],
      );
      const event = backupAlertRaised({
        alert_id: alertId,
        alert,
        fqdn,
        since: instant(at),
        decided_at: instant(at),
        last_full_backup_at: null,
        alert_period_days: 1,
        sequence,
        message,
      });
      const recordEvent = () => record(alertId, event);
      if (!isAuditBehind) await recordEvent();
      return { alertId, fqdn, alert, sequence, recordEvent };
    },

    async clear(
      { alertId, fqdn, alert, sequence }: RaisedAlert,
      at: number,
      reason: ClearReason = 'full_backup',
    ): Promise<void> {
      await owner.query(
        'UPDATE alert SET cleared_at = $2, cleared_sequence = $3, reason = $4 WHERE alert_id = $1',
        [alertId, instant(at), sequence + 1, reason],
      );
      await record(
        alertId,
        backupAlertCleared({
          alert_id: alertId,
          alert,
          fqdn,
          sequence: sequence + 1,
          raised_at: instant(NOW - HOUR_MS),
          cleared_at: instant(at),
          reason,
        }),
      );
    },

    async dismiss(
      { alertId }: RaisedAlert,
      { at = NOW, until }: { readonly at?: number; readonly until?: number } = {},
    ): Promise<void> {
      await owner.query(
        `INSERT INTO alert_dismissal (alert_id, dismissed_at, dismissed_by, dismissed_until, dismissal_comment)
         VALUES ($1, $2, 'jane', $3, 'moves to the new site')
         ON CONFLICT (alert_id) DO UPDATE SET dismissed_until = excluded.dismissed_until`,
        [alertId, instant(at), until === undefined ? null : instant(until)],
      );
    },

    /** Removes all rows. */
    async reset(): Promise<void> {
      await owner.query('ALTER TABLE audit_log DISABLE TRIGGER USER');
      await owner.query(
        'TRUNCATE alert, alert_dismissal, audit_log, notification, notification_destination, unknown_spell',
      );
      await owner.query('ALTER TABLE audit_log ENABLE TRIGGER USER');
    },
  };
}
