import { CLOUD_EVENT_CONTENT_TYPE } from '@backup-awareness/contracts';
import { readUnknownSpells } from '@backup-awareness/database';
import { readAlertEvents } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { send } from '../http/send.js';
import { oneByOne } from '../one-by-one.js';
import { eventOf } from './event-of.js';
import { signatureOf } from './signature.js';

export interface WebhookOptions {
  readonly url: string;
  /** Undefined: events are not signed. */
  readonly secret: string | undefined;
  readonly db: DataSource;
}

/**
 * A URL that gets each event of an alert as its CloudEvent, dismissed or not, since no person reads it. A duplicate has the same source and id.
 */
export function webhook({ url, secret, db }: WebhookOptions): Destination {
  return oneByOne({
    name: 'webhook',
    db,
    isReadByPeople: false,
    prepare: async (claimed) => {
      const ids = claimed.map(({ subjectId }) => subjectId);
      const recorded = {
        events: await readAlertEvents(db, ids),
        spells: await readUnknownSpells(db, { ids }),
      };
      return async (one, signal) => {
        const body = eventOf(one, recorded);
        if (body === undefined) return { outcome: 'not recorded' };
        const headers = {
          'content-type': CLOUD_EVENT_CONTENT_TYPE,
          ...(secret === undefined ? {} : { 'x-signature-256': signatureOf(body, secret) }),
        };
        return send(url, { headers, body }, signal);
      };
    },
  });
}
