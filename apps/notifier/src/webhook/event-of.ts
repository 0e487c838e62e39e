import {
  BACKUP_ALERT_CLEARED,
  BACKUP_ALERT_RAISED,
  encodeCloudEvent,
  PRODUCT_SOURCE,
} from '@backup-awareness/contracts';
import type { Notification, UnknownSpell } from '@backup-awareness/database';
import type { AlertEventRow } from '@backup-awareness/overview/state';

/** The subjects of notifications: the recorded events of alerts, and unknown spells. */
export interface Recorded {
  readonly events: readonly AlertEventRow[];
  readonly spells: readonly UnknownSpell[];
}

/** The CloudEvent of a notification, or undefined if the audit log has not recorded it yet. Source and id identify it. */
export function eventOf(
  { subjectId, change }: Pick<Notification, 'subjectId' | 'change'>,
  { events, spells }: Recorded,
): Buffer | undefined {
  const name = change === 'raised' ? BACKUP_ALERT_RAISED : BACKUP_ALERT_CLEARED;
  const event = events.find((one) => one.alertId === subjectId && one.name === name);
  if (event) {
    const { id, source, data } = event;
    const time = String(change === 'raised' ? data['decided_at'] : data['cleared_at']);
    return encodeCloudEvent({ id, name, source, subject: String(data['alert']), time, data });
  }
  const spell = spells.find(({ unknownId }) => unknownId === subjectId);
  return spell && encodeCloudEvent(spellEvent(spell, change));
}

/** While it lasts, the absence of alerts does not mean that backups are fresh. */
function spellEvent(spell: UnknownSpell, change: 'raised' | 'cleared') {
  const name = change === 'raised' ? 'BackupAwarenessUnknown' : 'BackupAwarenessKnown';
  const since = new Date(spell.beganAt).toISOString();
  const ended = new Date(spell.endedAt ?? spell.beganAt).toISOString();
  return {
    id: `${spell.unknownId}-${change}`,
    name,
    source: PRODUCT_SOURCE,
    subject: 'BackupAwarenessUnknown',
    time: change === 'raised' ? since : ended,
    data: {
      unknown_id: spell.unknownId,
      since,
      ...(change === 'raised' ? { reason: spell.reason } : { ended_at: ended }),
    },
  };
}
