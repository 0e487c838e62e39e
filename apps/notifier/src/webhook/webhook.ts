import { readUnknownSpells } from '@backup-awareness/database';
import { readAlertEvents } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { oneByOne } from '../one-by-one.js';
import { eventOf } from './event-of.js';
import { postEvent, type WebhookAddress } from './post-event.js';

export interface WebhookOptions extends WebhookAddress {
  readonly db: DataSource;
}

/**
 * A URL that gets each event of an alert as its CloudEvent, dismissed or not, since no person reads it. A duplicate has the same source and id.
 */
export function webhook({ db, ...address }: WebhookOptions): Destination {
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
        return postEvent(address, body, signal);
      };
    },
  });
}
