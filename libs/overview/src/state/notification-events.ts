import { PRODUCT_SOURCE, type CloudEventFields } from '@backup-awareness/contracts/plain';
import type { SqlRunner } from '@backup-awareness/database/connection';
import { readUnknownSpells, type UnknownSpell } from '@backup-awareness/database/lists';
import { readAlertEvents, type AlertEventRow } from './alert-events.js';

/** What identifies a notification. */
export interface NotificationKey {
  /** The id of an alert, or of an unknown spell. */
  readonly subjectId: string;
  readonly change: 'raised' | 'cleared';
}

/**
 * Reads the events of notifications. Source and id identify each.
 *
 * @returns the event of one of these, or undefined if the audit log has not recorded it yet
 */
export async function readNotificationEvents(
  sql: SqlRunner,
  keys: readonly NotificationKey[],
): Promise<(key: NotificationKey) => CloudEventFields | undefined> {
  const ids = keys.map(({ subjectId }) => subjectId);
  const ofAlerts = await readAlertEvents(sql, ids);
  const events = new Map(ofAlerts.map((event) => [`${event.alertId} ${event.name}`, event]));
  const ofProduct = await readUnknownSpells(sql, { ids });
  const spells = new Map(ofProduct.map((spell) => [spell.unknownId, spell]));
  return ({ subjectId, change }) => {
    const name = change === 'raised' ? 'BackupAlertRaised' : 'BackupAlertCleared';
    const event = events.get(`${subjectId} ${name}`);
    if (event) return alertEvent(event);
    const spell = spells.get(subjectId);
    return spell && spellEvent(spell, change);
  };
}

function alertEvent({ name, id, source, data }: AlertEventRow): CloudEventFields {
  const time = String(data[name === 'BackupAlertRaised' ? 'decided_at' : 'cleared_at']);
  return { id, name, source, subject: String(data['alert']), time, data };
}

/** The event of a spell, during which the absence of alerts does not mean that backups are fresh. */
export function spellEvent(
  spell: UnknownSpell,
  change: NotificationKey['change'],
): CloudEventFields {
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
