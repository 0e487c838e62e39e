import { encodeCloudEvent } from '@backup-awareness/contracts';
import { readNotificationEvents } from '@backup-awareness/overview/state';
import type { DataSource } from 'typeorm';
import type { Destination } from '../destination.js';
import { oneByOne } from '../one-by-one.js';
import { postEvent, type WebhookAddress } from './post-event.js';

export interface WebhookOptions extends WebhookAddress {
  readonly db: DataSource;
  /** Of its URL, if what was sent to another URL does not count. */
  readonly address?: string;
}

/**
 * A URL that gets each event of an alert as its CloudEvent, dismissed or not, since no person reads it. A duplicate has the same source and id.
 */
export function webhook({ db, address, ...receiver }: WebhookOptions): Destination {
  return oneByOne({
    name: 'webhook',
    db,
    address: address ?? null,
    isReadByPeople: false,
    prepare: async (claimed) => {
      const eventOf = await readNotificationEvents(db, claimed);
      return async (one, signal) => {
        const event = eventOf(one);
        if (!event) return { outcome: 'not recorded' };
        return postEvent(receiver, encodeCloudEvent(event), signal);
      };
    },
  });
}
