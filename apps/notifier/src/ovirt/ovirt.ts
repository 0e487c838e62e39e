import {
  readUnknownSpells,
  type Notification,
  type UnknownSpell,
} from '@backup-awareness/database';
import { readAlerts, type AlertRow } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { send, type Sent } from '../http/send.js';
import { oneByOne } from '../one-by-one.js';
import { ovirtEvent, type OvirtEvent } from './ovirt-event.js';

export interface OvirtOptions {
  /** The URL of the engine's API: `https://engine.example.com/ovirt-engine/api`. */
  readonly url: string;
  /** Such as `admin@internal`. */
  readonly user: string;
  readonly password: string;
  /** The certificate of the engine's authority, in PEM. */
  readonly ca: string | undefined;
  readonly db: DataSource;
}

const HAS_IT_ALREADY = 409;

/**
 * The events of an oVirt engine, which its Administration Portal shows. It accepts each of our ids once: a duplicate is refused, and counts as sent.
 */
export function ovirt({ url, user, password, ca, db }: OvirtOptions): Destination {
  const endpoint = `${url.replace(/\/+$/, '')}/events`;
  const pair = Buffer.from(`${user}:${password}`).toString('base64');

  function post(event: OvirtEvent, signal: AbortSignal): Promise<Sent> {
    const headers = {
      authorization: `Basic ${pair}`,
      accept: 'application/json',
      'content-type': 'application/json',
      version: '4',
    };
    return send(endpoint, { headers, body: JSON.stringify(event), ca }, signal);
  }

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
        const sent = await post(ovirtEvent(one, subject), signal);
        const isThereAlready = sent.outcome === 'refused' && sent.status === HAS_IT_ALREADY;
        return isThereAlready ? { outcome: 'accepted' } : sent;
      };
    },
  });
}

/** Dismissed since it was noted; it is sent when the dismissal ends. */
function isHidden({ change }: Notification, subject: AlertRow | UnknownSpell): boolean {
  return change === 'raised' && 'alertId' in subject && subject.dismissedAt !== null;
}
