import {
  readNotificationKeys,
  readUnknownSpells,
  type Notification,
  type UnknownSpell,
} from '@backup-awareness/database';
import { readAlerts, type AlertRow } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { oneByOne } from '../one-by-one.js';
import type { Sent } from '../http/send.js';
import { customId, ovirtEvent } from './ovirt-event.js';
import { postEvent, type OvirtAddress } from './post-event.js';

export interface OvirtOptions extends OvirtAddress {
  readonly db: DataSource;
  /** Of its URL, if what was sent to another URL does not count. */
  readonly address?: string;
}

const NAME = 'ovirt';

/**
 * The events of an oVirt engine, which its Administration Portal shows. It accepts each id once: a duplicate is refused, and counts as sent.
 */
export function ovirt({ db, address, ...receiver }: OvirtOptions): Destination {
  return oneByOne({
    name: NAME,
    db,
    address: address ?? null,
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
        return add(one, subject, signal);
      };
    },
  });

  /** A conflict means that it has the event from an earlier attempt, unless the id is also that of another event. */
  async function add(
    one: Notification,
    subject: AlertRow | UnknownSpell,
    signal: AbortSignal,
  ): Promise<Sent> {
    for (let turn = 0; ; turn++) {
      const event = ovirtEvent(one, subject, turn);
      const { sent, hasId } = await postEvent(receiver, event, signal);
      if (!hasId) return sent;
      if (!(await isOfAnother(event.custom_id, one))) return { outcome: 'accepted' };
    }
  }

  async function isOfAnother(id: number, { subjectId, change }: Notification): Promise<boolean> {
    const all = await readNotificationKeys(db, NAME);
    return all.some(
      (other) =>
        customId(other) === id && !(other.subjectId === subjectId && other.change === change),
    );
  }
}

/** Dismissed since it was noted; it is sent when the dismissal ends. */
function isHidden({ change }: Notification, subject: AlertRow | UnknownSpell): boolean {
  return change === 'raised' && 'alertId' in subject && subject.dismissedAt !== null;
}
