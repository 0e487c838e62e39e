import {
  readUnknownSpells,
  type Notification,
  type UnknownSpell,
} from '@backup-awareness/database';
import { readAlerts, type AlertRow } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { oneByOne } from '../one-by-one.js';
import { ovirtEvent } from './ovirt-event.js';
import { postEvent, type OvirtAddress } from './post-event.js';

export interface OvirtOptions extends OvirtAddress {
  readonly db: DataSource;
}

/**
 * The events of an oVirt engine, which its Administration Portal shows. It accepts each of our ids once: a duplicate is refused, and counts as sent.
 */
export function ovirt({ db, ...address }: OvirtOptions): Destination {
  return oneByOne({
    name: 'ovirt',
    db,
    isReadByPeople: true,
    prepare: async (claimed, now) => {
      const ids = claimed.map(({ subjectId }) => subjectId);
      const alerts = await readAlerts(db, { now, ids });
      const spells = await readUnknownSpells(db, { ids });
      const subjects = new Map<string, AlertRow | UnknownSpell>([
        ...alerts.map((alert) => [alert.alertId, alert] as const),
        ...spells.map((spell) => [spell.unknownId, spell] as const),
      ]);
      return async (one, signal) => {
        const subject = subjects.get(one.subjectId);
        if (!subject || isHidden(one, subject)) return { outcome: 'not for it' };
        return postEvent(address, ovirtEvent(one, subject), signal);
      };
    },
  });
}

/** Dismissed since it was noted; it is sent when the dismissal ends. */
function isHidden({ change }: Notification, subject: AlertRow | UnknownSpell): boolean {
  return change === 'raised' && 'alertId' in subject && subject.dismissedAt !== null;
}
